using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>
/// The process that is killed: the real functions, with those handlers that its settings name, and two that have their effects downstream.
/// </summary>
internal static class ChildHost
{
    /// <summary>What the child says once it listens.</summary>
    public const string Listening = "The child listens.";

    /// <summary>Tells how many bytes the child's heap holds after a full collection.</summary>
    public const string HeapPath = "/heap";

    /// <summary>
    /// Runs until standard input ends: its parent closes it to stop the child, and the operating system when the parent is gone.
    /// </summary>
    public static async Task RunAsync(ChildArguments arguments)
    {
        await using var app = FunctionsHost.Build(RepositoryRoot.Find(), arguments.Port, settings => settings.AddEnvironmentVariables(), services =>
        {
            services.AddLogging(logging =>
                logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true));
            services.AddSingleton<TimeProvider>(new ScaledClock(arguments.ClockOrigin, arguments.ClockFactor, arguments.ClockShift));
            // Storage is not faster than it is, whatever the clock: a call whose time is over, but which is carried out, would take the event
            // another way than a test is about.
            services.AddSingleton(new StorageRetry(TimeProvider.System, Random.Shared));
            Patience.WithAnswers(services);
            services.AddSingleton(new HttpClient { BaseAddress = arguments.Downstream });
            services.Remove(services.Single(
                service => service.ImplementationInstance is HandlerRegistration { Name: nameof(LogEventHandler) }));
            services.AddEventHandler<FirstHandler>(Downstream.First);
            services.AddEventHandler<SecondHandler>(Downstream.Second);
        });
        app.MapGet(HeapPath, () => GC.GetTotalMemory(forceFullCollection: true));
        await app.StartAsync();
        Console.WriteLine(Listening);
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    private sealed class FirstHandler(HttpClient downstream) : IEventHandler<PointEvent>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken) =>
            Downstream.PostAsync(downstream, Downstream.First, context.IdempotencyKey, cancellationToken);
    }

    private sealed class SecondHandler(HttpClient downstream) : IEventHandler<PointEvent>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken) =>
            Downstream.PostAsync(downstream, Downstream.Second, context.IdempotencyKey, cancellationToken);
    }
}
