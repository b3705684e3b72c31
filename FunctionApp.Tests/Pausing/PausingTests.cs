using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Pausing;

/// <summary>Tests of an app whose handlers are paused and resumed: its own, one that writes down, and a second such one.</summary>
internal abstract class PausingTests(Action<IServiceCollection>? configure = null) : SimulatedAppTests(configure ?? With)
{
    protected const string Log = nameof(LogEventHandler);
    protected const string First = "first";
    protected const string Second = "second";

    protected static void With(IServiceCollection services) =>
        services.AddEventHandler<RecordingHandler>(First).AddEventHandler<RecordingHandler>(Second);

    protected int Sent => Account.Storage.Calls.Of(StorageOperation.SendMessage);

    protected HandlerState? Pause(string handler, string? by = null) =>
        App.Run(() => App.Get<HandlerOperations>().PauseAsync(handler, by, CancellationToken.None));

    protected HandlerState? Resume(string handler, string? by = null) =>
        App.Run(() => App.Get<HandlerOperations>().ResumeAsync(handler, by, CancellationToken.None));

    protected void Receive(string key) => App.Run(() => App.ReceiveAsync(SimulatedApp.Body(key)));

    /// <summary>Receives an event and works off its message.</summary>
    protected LedgerEvent Process(string key)
    {
        Receive(key);
        Deliver();
        return App.Find(key)!;
    }

    protected void Deliver() => Assert.That(App.Deliver(), Is.True, "there is a message");

    protected void Sweep() => App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));

    /// <summary>Sweeps after a minute, and works off what was sent.</summary>
    protected LedgerEvent SweepAndProcess(string key)
    {
        Account.Advance(TimeSpan.FromMinutes(1));
        Sweep();
        while (App.Deliver())
        {
        }

        return App.Find(key)!;
    }

    /// <summary>Lets time pass, with a sweep of the relay every minute or less often.</summary>
    protected void Pass(TimeSpan time, TimeSpan? sweepEvery = null)
    {
        var step = sweepEvery ?? TimeSpan.FromMinutes(1);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Account.Advance(step);
            Sweep();
        }
    }

    protected ChangeAnswer Change(string key, Func<FoundEvent, Task<ChangeAnswer>> change) => App.Run(async () => await change(
        await App.Get<EventOperations>().FindAsync(EventId.Of(SimulatedApp.Type, key).Value, withBody: true, CancellationToken.None)));

    protected IEnumerable<string> Titles(string key) => EventTimeline.Of(App.Find(key)!).Select(step => step.Title);

    /// <summary>Another message of an event, as a queue may deliver one twice.</summary>
    protected void ProcessAgain(string key) => App.Run(() => App.ProcessAsync(new EventMessage(SimulatedApp.Type, key, null)));
}
