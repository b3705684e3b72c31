using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using PointWebhooks.Functions;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Pausing;
using PointWebhooks.PointApi;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Registration;
using PointWebhooks.Settings;
using PointWebhooks.Signatures;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;
using Polly;

namespace PointWebhooks;

/// <summary>The one place where everything is wired.</summary>
public static class PointWebhooksServices
{
    // Of a server that asks for fewer calls, within one run.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Adds the whole app: its settings, its storage, receiving, processing, registration and the built-in handlers.</summary>
    public static IServiceCollection AddPointWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddMetrics();
        services.AddSingleton<PointMetrics>();
        services.AddPointLogLevels();
        // First, so that whatever is wrong with them is said before anything runs.
        services.AddPointSettings(configuration);

        services.AddSingleton<StorageRetry>();
        services.AddSingleton<PointTable>();

        services.AddSingleton<LedgerReader>();
        services.AddSingleton<LedgerWriter>();
        services.AddSingleton<LedgerRepair>();
        services.AddSingleton<LedgerListing>();
        services.AddSingleton<LedgerDay>();
        services.AddSingleton<LedgerPurge>();
        services.AddSingleton<EventLedger>();
        services.AddSingleton<EventQueues>();

        services.AddSingleton<SignatureKeys>();
        services.AddSingleton<SignatureVerifier>();
        services.AddSingleton<EventAcceptor>();
        services.AddSingleton<DeferredVerification>();
        services.AddSingleton<QuarantineStore>();
        services.AddSingleton<Quarantine>();
        services.AddSingleton<QuarantineProcessor>();
        services.AddSingleton<LargeBodies>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<EndpointMark>();
        services.AddSingleton<WebhookReceiver>();
        // What waits for its turn waits with its sender, not in memory; by default it would be a mebibyte of each connection. As little as the
        // headers may be.
        services.Configure<SocketTransportOptions>(sockets => sockets.MaxReadBufferSize = 32 * 1024);
        // An idempotency key in a path may be 1,024 characters, of nine each when they are escaped.
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestLineSize = 16 * 1024);

        services.AddSingleton<PauseStore>();
        services.AddSingleton<HandlerPauses>();
        services.AddSingleton<HandlerGates>();
        services.AddScoped<HandlerRunner>();
        services.AddScoped<EventProcessor>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<PoisonQueues>();
        services.AddSingleton<EventRelay>();
        services.AddEventHandler<LogEventHandler>();

        services.AddPointApi();
        services.AddSingleton<RegistrationStore>();
        services.AddScoped<EndpointRegistrar>();
        services.AddScoped<RegistrationRun>();
        services.AddSingleton<SelfCheck>();
        services.AddHttpClient(SelfCheck.ClientName, http => http.MaxResponseContentBufferSize = SelfCheck.LongestAnswer)
            .ConfigurePrimaryHttpMessageHandler(WithoutRedirects);

        services.AddSingleton<EventOperations>();
        services.AddSingleton<HandlerOperations>();
        services.AddSingleton<CrossSiteRequests>();
        services.AddSingleton<DeadReplays>();
        services.AddSingleton<BulkReplays>();
        services.AddSingleton<KnownCauses>();
        services.AddSingleton<Operators>();
        services.AddSingleton<PartReader>();
        services.AddSingleton<AnswerDeadline>();
        services.AddSingleton<TraceLinks>();
        services.AddSingleton<InstanceStart>();
        services.AddHostedService(provider => provider.GetRequiredService<InstanceStart>());
        services.AddSingleton<InstanceReader>();
        services.AddSingleton<StatusReader>();
        services.AddSingleton<EventListReader>();
        services.AddSingleton<ReceiverHealth>();
        services.AddScoped<StatusRoutes>();
        services.AddScoped<EventRoutes>();
        services.AddScoped<EventChanges>();
        services.AddScoped<CauseRoutes>();
        services.AddScoped<HandlerRoutes>();
        return services;
    }

    private static void AddPointApi(this IServiceCollection services)
    {
        services.AddSingleton<PointCredential>();
        services.AddTransient<PointTokenHandler>();
        services.AddSingleton<PointApiClient>();
        var client = services.AddHttpClient(PointApiClient.ClientName, http => http.MaxResponseContentBufferSize = PointApiClient.LongestAnswer);
        // A redirect would take the registration and its secrets to another host, and a key from there: it is an error of the address.
        client.ConfigurePrimaryHttpMessageHandler(WithoutRedirects);
        // A POST that timed out may have registered the endpoint: the next run looks first instead of sending it twice. Only one
        // that was refused for its rate surely did nothing.
        client.AddStandardResilienceHandler().Configure((resilience, services) =>
        {
            var time = services.GetRequiredService<TimeProvider>();
            var isTransient = resilience.Retry.ShouldHandle;
            resilience.Retry.ShouldHandle = args => AsksForLongPause(args.Outcome.Result, time.GetUtcNow()) ? ValueTask.FromResult(false)
                : args.Context.GetRequestMessage()?.Method == HttpMethod.Post
                    ? ValueTask.FromResult(args.Outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests)
                : isTransient(args);
        });
        client.AddHttpMessageHandler<PointTokenHandler>();
    }

    // Waited for, it would use up the time of all attempts, and the answer be a timeout that says nothing.
    private static bool AsksForLongPause(HttpResponseMessage? answer, DateTimeOffset now) =>
        Downstream.Pause(answer?.Headers.RetryAfter, now) > LongestPause;

    private static SocketsHttpHandler WithoutRedirects() => new() { AllowAutoRedirect = false };
}
