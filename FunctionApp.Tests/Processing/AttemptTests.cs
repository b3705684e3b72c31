using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What an attempt of several handlers leaves behind, and what an event that came back from its message does.</summary>
internal sealed class AttemptTests() : SimulatedAppTests(services => services
    .AddEventHandler<BusyHandler>().AddEventHandler<BusierHandler>().AddEventHandler<RecordingHandler>())
{
    private static readonly TimeSpan Longer = TimeSpan.FromMinutes(20);

    [Test]
    public void Of_two_that_ask_for_time_the_one_that_asks_for_more_gets_it()
    {
        App.Insert("key");

        Process();

        var pause = App.Find("key")!.NotBefore - Account.Now;
        Assert.That(pause, Is.InRange(Longer, Longer * 1.1));
    }

    [Test]
    public void One_that_finishes_after_all_others_have_failed_is_written_with_the_end_of_the_attempt()
    {
        App.Insert("key");
        App.Records.BeforeEach = (_, token) => Task.Delay(TimeSpan.FromSeconds(1), App.Time, token);
        Account.Storage.Calls.Clear();

        Process();

        var found = App.Find("key")!;
        Assert.That((found.State, found.Done.Contains(nameof(RecordingHandler))), Is.EqualTo((EventState.Retrying, true)));
        // The log handler ends at once, before the others.
        Assert.That(Account.Storage.Calls.Of(StorageOperation.MergeEntity), Is.LessThanOrEqualTo(2), "the claim, and the log handler");
    }

    [Test]
    public void An_event_that_another_message_has_put_back_meanwhile_is_processed_with_its_body()
    {
        var message = Inserted();
        var isBack = false;
        App.Faults = call =>
        {
            if (!isBack && call.Operation is StorageOperation.Transaction)
            {
                isBack = true;
                Account.Put(LedgerRows.Whole(message.ToInserted()!, SimulatedApp.Body("key"), "another write"));
            }

            return Fault.None;
        };

        App.Run(() => App.ProcessAsync(message));

        Assert.That(isBack, Is.True);
        var handled = App.Records.Handled.Single();
        Assert.That(handled.Event, Is.InstanceOf<ProvisioningStarted>());
        Assert.That(handled.Context.Body.ToArray(), Is.EqualTo(SimulatedApp.Body("key")));
    }

    private EventMessage Inserted() => EventMessage.OfInserted(
        EventLedger.New(SimulatedApp.Type, "key", Account.Now, Account.Now) with { ETag = new Azure.ETag("\"1\"") }, SimulatedApp.Body("key"));

    private void Process() => App.Run(() => App.ProcessAsync(new EventMessage(SimulatedApp.Type, "key", null)));

    private sealed class BusyHandler : IEventHandler<PointEvent>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken) =>
            throw new TransientFailureException("busy", Longer);
    }

    private sealed class BusierHandler : IEventHandler<PointEvent>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken) =>
            throw new TransientFailureException("busy", Longer / 2);
    }
}
