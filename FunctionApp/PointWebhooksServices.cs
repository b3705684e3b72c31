using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PointWebhooks.Handlers.Log;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Registration;
using PointWebhooks.Settings;
using PointWebhooks.Telemetry;
using Polly;

namespace PointWebhooks;

/// <summary>The one place where everything is wired.</summary>
public static class PointWebhooksServices
{
    /// <summary>Adds the whole app: its settings, its storage, receiving, processing, registration and the built-in handlers.</summary>
    public static IServiceCollection AddPointWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<Instruments>();

        services.AddPointSettings(configuration);
        services.AddSingleton<LedgerTable>();
        services.AddSingleton<EventLedger>();
        services.AddSingleton<LedgerPurge>();
        services.AddSingleton<EventQueues>();

        services.AddSingleton<SignatureChecker>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<SecondLook>();
        services.AddSingleton<Quarantine>();
        services.AddSingleton<QuarantineAdmission>();
        services.AddSingleton<WebhookReceiver>();
        services.AddSingleton<ReceiverHealth>();

        services.AddScoped<EventHandlers>();
        services.AddScoped<HandlerRunner>();
        services.AddScoped<EventProcessor>();
        services.AddSingleton<RetrySchedule>();
        services.AddSingleton<RetryScheduler>();
        services.AddSingleton<EventRelay>();
        services.AddSingleton<PoisonDrain>();
        services.AddEventHandler<LogEventHandler>();

        services.AddSingleton<EventReplay>();
        services.AddSingleton<CrossSiteRequests>();
        services.AddSingleton<StatusReader>();
        services.AddSingleton<RetentionPurge>();

        return services.AddPointApi();
    }

    /// <summary>Adds a handler for every event it implements <see cref="IEventHandler{TEvent}"/> for.</summary>
    public static IServiceCollection AddEventHandler<THandler>(this IServiceCollection services) where THandler : class
    {
        services.AddScoped<THandler>();
        var handled = typeof(THandler).GetInterfaces()
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEventHandler<>));
        foreach (var contract in handled)
            services.AddScoped(contract, provider => provider.GetRequiredService<THandler>());
        return services;
    }

    private static IServiceCollection AddPointApi(this IServiceCollection services)
    {
        services.AddSingleton<PointCredential>();
        services.AddTransient<PointTokenHandler>();
        services.AddSingleton<PointApiClient>();
        services.AddSingleton<SignatureKeys>();
        services.AddSingleton<RegistrationLog>();
        services.AddScoped<EndpointRegistrar>();
        services.AddScoped<RegistrationRun>();
        var client = services.AddHttpClient(PointApiClient.ClientName);
        // A POST that timed out may have registered the endpoint: the next run looks first instead of sending it twice. Only one
        // that was refused for its rate surely did nothing.
        client.AddStandardResilienceHandler(resilience =>
        {
            var isTransient = resilience.Retry.ShouldHandle;
            resilience.Retry.ShouldHandle = args => args.Context.GetRequestMessage()?.Method == HttpMethod.Post
                ? ValueTask.FromResult(args.Outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests)
                : isTransient(args);
        });
        client.AddHttpMessageHandler<PointTokenHandler>();
        return services;
    }
}
