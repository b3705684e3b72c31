using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>Messages that the host gave up on, and messages that outlive the ledger.</summary>
internal sealed class MessageTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    private const string Poison = QueueNames.ProvisioningStarted + QueueNames.PoisonSuffix;

    [Test]
    public void A_poison_message_is_no_attempt_and_its_event_is_processed()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));
        ToPoison();

        Sweep();
        Assert.That(App.Deliver(), Is.False, "it waits a minute: what failed five times may fail still");
        Account.Advance(TimeSpan.FromMinutes(1));
        Assert.That(App.Deliver(), Is.True);

        var found = App.Find("key")!;
        Assert.That((found.State, found.Attempts), Is.EqualTo((EventState.Completed, 0)));
        Assert.That(App.Records.Of("key"), Is.EqualTo(1));
        Assert.That(Account.Storage.Queues.Messages(Poison), Is.Empty);
        Assert.That(App.Measured.Last("point.messages.poison"), Is.EqualTo(1));
        Assert.That(App.KeysOf(62), Is.EqualTo(new[] { "key" }));
    }

    [Test]
    public void A_poison_message_brings_its_event_back_when_the_ledger_was_lost_meanwhile()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));
        ToPoison();
        LoseTheLedger();

        Sweep();
        Account.Advance(TimeSpan.FromMinutes(1));
        Assert.That(App.Deliver(), Is.True);

        Assert.That((App.Find("key")!.State, App.Records.Of("key")), Is.EqualTo((EventState.Completed, 1)));
    }

    [Test]
    public void A_poison_message_of_an_event_that_is_claimed_or_finished_changes_nothing([Values] bool isFinished)
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));
        ToPoison();
        var lease = App.Claim("key").Lease!;
        if (isFinished)
            App.Run(lease.CompleteAsync);
        var before = App.Find("key")!;

        Sweep();
        Account.Advance(TimeSpan.FromMinutes(1));
        App.Deliver();

        var after = App.Find("key")!;
        Assert.That((after.State, after.Attempts, after.LeaseOwner), Is.EqualTo((before.State, 0, before.LeaseOwner)));
        Assert.That(App.Records.Of("key"), Is.Zero);
    }

    [Test]
    public void A_thousand_poison_messages_are_emptied_in_one_sweep_whatever_is_among_them()
    {
        for (var i = 0; i < 1000; i++)
            App.Send(Poison, i % 10 == 0 ? new BinaryData("not ours") : new EventMessage(SimulatedApp.Type, $"key-{i}", null).ToBinaryData());

        Sweep();

        Assert.That(Account.Storage.Queues.Messages(Poison), Is.Empty);
        Assert.That(Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(900));
        Assert.That(App.Measured.Last("point.messages.poison"), Is.EqualTo(1000));
    }

    [Test]
    public void Emptying_stops_after_the_messages_that_it_has_when_the_app_stops()
    {
        for (var i = 0; i < 40; i++)
            App.Send(Poison, new EventMessage(SimulatedApp.Type, $"key-{i}", null).ToBinaryData());
        using var stopping = App.StopAt(StorageOperation.SendMessage);

        Assert.That(
            () => App.Run(() => App.Get<PoisonQueues>().EmptyAsync(stopping.Token)), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Account.Storage.Queues.Messages(Poison), Has.Count.EqualTo(40 - 32));
        Assert.That(Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(32), "what was begun is finished");
    }

    [Test]
    public void A_poison_queue_that_does_not_answer_does_not_keep_the_relay_from_the_ledger()
    {
        App.Insert("key");
        Account.Advance(EventLedger.PickUpTime);
        App.Faults = call => call.Operation == StorageOperation.ReceiveMessages ? Fault.Unavailable : Fault.None;

        Sweep();

        Assert.That(Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_message_that_carries_its_event_brings_it_back_to_a_ledger_that_has_lost_it()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));
        LoseTheLedger();

        Assert.That(App.Deliver(), Is.True);

        var found = App.Find("key")!;
        Assert.That((found.State, found.WorkspaceName), Is.EqualTo((EventState.Completed, "Project Phoenix")));
        Assert.That(found.Body!.Value.ToArray(), Is.EqualTo(SimulatedApp.Body("key")));
        Assert.That(Account.IndexFaults, Is.Empty);
        Assert.That(App.Records.Of("key"), Is.EqualTo(1));
        Assert.That(App.Measured.Sum("point.events.unknown"), Is.EqualTo(1), "it is counted, for the alert");
        Assert.That(App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"))).Kept!.Status, Is.EqualTo(KeptResponse.Duplicate));
    }

    [Test]
    public void A_message_that_only_names_its_event_is_counted_and_dropped_when_the_ledger_has_lost_it()
    {
        App.Insert("key");
        App.Send(QueueNames.ProvisioningStarted, new EventMessage(SimulatedApp.Type, "key", null).ToBinaryData());
        LoseTheLedger();

        Assert.That(App.Deliver(), Is.True);

        Assert.That(App.Find("key"), Is.Null);
        Assert.That(App.Measured.Sum("point.events.unknown"), Is.EqualTo(1));
        Assert.That(App.Logged(16), Is.EqualTo(1), "an error that an operator reads");
        Assert.That(Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Is.Empty);
    }

    [Test]
    public void A_message_that_carries_an_event_which_was_forgotten_since_does_not_bring_it_back()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));
        App.Run(() => App.Claim("key").Lease!.CompleteAsync());
        Account.Advance(TimeSpan.FromDays(90));
        App.Run(() => App.Get<LedgerPurge>().RunAsync(CancellationToken.None));

        Assert.That(App.Deliver(), Is.True);

        Assert.That(App.Find("key"), Is.Null);
        Assert.That(App.Records.Of("key"), Is.Zero);
        Assert.That(App.Measured.Sum("point.events.unknown"), Is.Zero);
    }

    private void Sweep() => App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));

    // As the host does with a message that failed five times.
    private void ToPoison()
    {
        var text = Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted).Single().Text;
        App.Clear(QueueNames.ProvisioningStarted);
        App.Send(Poison, new BinaryData(Convert.FromBase64String(text)));
    }

    private void LoseTheLedger()
    {
        foreach (var row in Account.Storage.Tables.Entities(PointTable.Name))
            Account.Delete(new RowAddress(row.Key.Partition, row.Key.Row));
    }
}
