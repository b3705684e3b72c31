using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>What makes an event one and the same: its type and its key.</summary>
internal sealed class DuplicateTests
{
    private const int OtherBody = 9;

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
    public void Events_of_two_types_with_one_key_both_take_effect()
    {
        var answers = new[] { Receive(SimulatedApp.Body("key")), Receive(SimulatedApp.Body("key", "ProvisioningCompleted")) };
        app.Deliver(QueueNames.ProvisioningStarted);
        app.Deliver(QueueNames.ProvisioningCompleted);

        Assert.That(answers, Is.All.EqualTo(KeptResponse.Accepted));
        Assert.That(
            app.Records.Handled.Select(handled => handled.Event.Type), Is.EqualTo(["ProvisioningStarted", "ProvisioningCompleted"]));
        Assert.That(app.Find("key", "ProvisioningCompleted")!.State, Is.EqualTo(EventState.Completed));
    }

    [Test]
    public void The_same_request_is_a_duplicate_and_nothing_to_look_at()
    {
        Receive(SimulatedApp.Body("key"));

        Assert.That(Receive(SimulatedApp.Body("key")), Is.EqualTo(KeptResponse.Duplicate));

        Assert.That(app.Measured.Sum("point.events.duplicates", "body=same"), Is.EqualTo(1));
        Assert.That(app.Measured.Sum("point.events.duplicates", "body=other"), Is.Zero);
        Assert.That(app.Logged(OtherBody), Is.Zero);
        Assert.That(app.Find("key")!.History, Has.Length.EqualTo(1));
    }

    [Test]
    public void Another_body_under_one_type_and_key_is_a_duplicate_that_is_noted_counted_and_warned_of()
    {
        var other = SimulatedApp.Body("key", name: "Project Griffin");
        Receive(SimulatedApp.Body("key"));

        Assert.That(Receive(other), Is.EqualTo(KeptResponse.Duplicate));

        var kept = app.Find("key")!;
        Assert.That(kept.Body!.Value.ToArray(), Is.EqualTo(SimulatedApp.Body("key")), "the first one stands");
        Assert.That(kept.History[^1].Detail, Is.EqualTo($"sent again with another body, SHA-256 {LedgerRows.Hash(other)}"));
        Assert.That(app.Measured.Sum("point.events.duplicates", "body=other"), Is.EqualTo(1));
        Assert.That(app.Logged(OtherBody), Is.EqualTo(1));
        Assert.That(account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(1));
    }

    [Test]
    public void Another_body_does_not_cost_the_holder_of_a_claimed_event_its_lease()
    {
        var lease = app.Claimed("key");
        Receive(SimulatedApp.Body("key", name: "Project Griffin"));

        account.Advance(TimeSpan.FromMinutes(3));

        Assert.That(app.Logged(OtherBody), Is.EqualTo(1));
        Assert.That(lease.Held.IsCancellationRequested, Is.False);
        Assert.That(() => app.Run(lease.CompleteAsync), Throws.Nothing);
        Assert.That(app.Find("key")!.State, Is.EqualTo(EventState.Completed));
    }

    [Test]
    public void A_key_in_another_case_is_another_event()
    {
        Receive(SimulatedApp.Body("key"));

        Assert.That(Receive(SimulatedApp.Body("KEY")), Is.EqualTo(KeptResponse.Accepted));
    }

    private string Receive(byte[] body) => app.Run(() => app.ReceiveAsync(body)).Kept!.Status;
}
