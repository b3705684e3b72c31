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
internal sealed class MessageTests
{
    private const string Poison = QueueNames.ProvisioningStarted + QueueNames.PoisonSuffix;

    private SimulatedAccount account = null!;
    private SimulatedApp app = null!;

    [SetUp]
    public void Start()
    {
        account = new SimulatedAccount();
        app = new SimulatedApp(account, configure: services => services.AddEventHandler<RecordingHandler>());
    }

    [TearDown]
    public void Stop() => app.Dispose();

    [Test]
    public void A_poison_message_is_no_attempt_and_its_event_is_processed()
    {
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));
        ToPoison();

        Sweep();
        Assert.That(app.Deliver(), Is.False, "it waits a minute: what failed five times may fail still");
        account.Advance(TimeSpan.FromMinutes(1));
        Assert.That(app.Deliver(), Is.True);

        var found = app.Find("key")!;
        Assert.That((found.State, found.Attempts), Is.EqualTo((EventState.Completed, 0)));
        Assert.That(app.Records.Of("key"), Is.EqualTo(1));
        Assert.That(account.Storage.Queues.Messages(Poison), Is.Empty);
        Assert.That(app.Measured.Last("point.messages.poison"), Is.EqualTo(1));
    }

    [Test]
    public void A_poison_message_of_an_event_that_is_claimed_or_finished_changes_nothing([Values] bool isFinished)
    {
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));
        ToPoison();
        var lease = app.Claim("key").Lease!;
        if (isFinished)
            app.Run(lease.CompleteAsync);
        var before = app.Find("key")!;

        Sweep();
        account.Advance(TimeSpan.FromMinutes(1));
        app.Deliver();

        var after = app.Find("key")!;
        Assert.That((after.State, after.Attempts, after.LeaseOwner), Is.EqualTo((before.State, 0, before.LeaseOwner)));
        Assert.That(app.Records.Of("key"), Is.Zero);
    }

    [Test]
    public void A_thousand_poison_messages_are_emptied_in_one_sweep_whatever_is_among_them()
    {
        for (var i = 0; i < 1000; i++)
            app.Send(Poison, i % 10 == 0 ? new BinaryData("not ours") : new EventMessage(SimulatedApp.Type, $"key-{i}", null).ToBinaryData());

        Sweep();

        Assert.That(account.Storage.Queues.Messages(Poison), Is.Empty);
        Assert.That(account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(900));
        Assert.That(app.Measured.Last("point.messages.poison"), Is.EqualTo(1000));
    }

    [Test]
    public void A_poison_queue_that_does_not_answer_does_not_keep_the_relay_from_the_ledger()
    {
        app.Insert("key");
        account.Advance(EventLedger.PickUpTime);
        app.Faults = call => call.Operation == StorageOperation.ReceiveMessages ? Fault.Unavailable : Fault.None;

        Sweep();

        Assert.That(account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_message_that_carries_its_event_brings_it_back_to_a_ledger_that_has_lost_it()
    {
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));
        LoseTheLedger();

        Assert.That(app.Deliver(), Is.True);

        var found = app.Find("key")!;
        Assert.That((found.State, found.WorkspaceName), Is.EqualTo((EventState.Completed, "Project Phoenix")));
        Assert.That(found.Body!.Value.ToArray(), Is.EqualTo(SimulatedApp.Body("key")));
        Assert.That(account.IndexFaults, Is.Empty);
        Assert.That(app.Records.Of("key"), Is.EqualTo(1));
        Assert.That(app.Measured.Sum("point.events.unknown"), Is.EqualTo(1), "it is counted, for the alert");
        Assert.That(app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key"))).Kept!.Status, Is.EqualTo(KeptResponse.Duplicate));
    }

    [Test]
    public void A_message_that_only_names_its_event_is_counted_and_dropped_when_the_ledger_has_lost_it()
    {
        app.Insert("key");
        app.Send(QueueNames.ProvisioningStarted, new EventMessage(SimulatedApp.Type, "key", null).ToBinaryData());
        LoseTheLedger();

        Assert.That(app.Deliver(), Is.True);

        Assert.That(app.Find("key"), Is.Null);
        Assert.That(app.Measured.Sum("point.events.unknown"), Is.EqualTo(1));
        Assert.That(app.Logged(16), Is.EqualTo(1), "an error that an operator reads");
        Assert.That(account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Is.Empty);
    }

    [Test]
    public void A_message_that_carries_an_event_which_was_forgotten_since_does_not_bring_it_back()
    {
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));
        app.Run(() => app.Claim("key").Lease!.CompleteAsync());
        account.Advance(TimeSpan.FromDays(90));
        app.Run(() => app.Get<LedgerPurge>().RunAsync(CancellationToken.None));

        Assert.That(app.Deliver(), Is.True);

        Assert.That(app.Find("key"), Is.Null);
        Assert.That(app.Records.Of("key"), Is.Zero);
        Assert.That(app.Measured.Sum("point.events.unknown"), Is.Zero);
    }

    private void Sweep() => app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None));

    // As the host does with a message that failed five times.
    private void ToPoison()
    {
        var text = account.Storage.Queues.Messages(QueueNames.ProvisioningStarted).Single().Text;
        app.Clear(QueueNames.ProvisioningStarted);
        app.Send(Poison, new BinaryData(Convert.FromBase64String(text)));
    }

    private void LoseTheLedger()
    {
        foreach (var row in account.Storage.Tables.Entities(PointTable.Name))
            account.Delete(new RowAddress(row.Key.Partition, row.Key.Row));
    }
}
