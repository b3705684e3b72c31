using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>What makes an event one and the same: its type and its key.</summary>
internal sealed class DuplicateTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    private const int OtherBody = 9;

    [Test]
    public void Events_of_two_types_with_one_key_both_take_effect()
    {
        var answers = new[] { Receive(SimulatedApp.Body("key")), Receive(SimulatedApp.Body("key", "ProvisioningCompleted")) };
        App.Deliver(QueueNames.ProvisioningStarted);
        App.Deliver(QueueNames.ProvisioningCompleted);

        Assert.That(answers, Is.All.EqualTo(KeptResponse.Accepted));
        Assert.That(
            App.Records.Handled.Select(handled => handled.Event.Type), Is.EqualTo(["ProvisioningStarted", "ProvisioningCompleted"]));
        Assert.That(App.Find("key", "ProvisioningCompleted")!.State, Is.EqualTo(EventState.Completed));
    }

    [Test]
    public void The_same_request_is_a_duplicate_and_nothing_to_look_at()
    {
        Receive(SimulatedApp.Body("key"));

        Assert.That(Receive(SimulatedApp.Body("key")), Is.EqualTo(KeptResponse.Duplicate));

        Assert.That(App.Measured.Sum("point.events.duplicates", "body=same"), Is.EqualTo(1));
        Assert.That(App.Measured.Sum("point.events.duplicates", "body=other"), Is.Zero);
        Assert.That(App.Logged(OtherBody), Is.Zero);
        Assert.That(App.Find("key")!.History, Has.Length.EqualTo(1));
    }

    [Test]
    public void Another_body_under_one_type_and_key_is_a_duplicate_that_is_noted_counted_and_warned_of()
    {
        var other = SimulatedApp.Body("key", name: "Project Griffin");
        Receive(SimulatedApp.Body("key"));
        App.Deliver();

        Assert.That(Receive(other), Is.EqualTo(KeptResponse.Duplicate));

        var kept = App.Find("key")!;
        Assert.That(kept.Body!.Value.ToArray(), Is.EqualTo(SimulatedApp.Body("key")), "the first one stands");
        Assert.That(kept.History[^1].Detail, Is.EqualTo($"sent again with another body, SHA-256 {LedgerRows.Hash(other)}"));
        Assert.That(App.Measured.Sum("point.events.duplicates", "body=other"), Is.EqualTo(1));
        Assert.That(App.Logged(OtherBody), Is.EqualTo(1));
        Assert.That(Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Is.Empty);
    }

    [Test]
    public void Other_bodies_are_noted_once_and_not_where_a_note_would_be_in_the_way_of_the_first_claim()
    {
        Receive(SimulatedApp.Body("key"));
        Receive(SimulatedApp.Body("key", name: "Project Griffin"));
        Assert.That(App.Find("key")!.History, Has.Length.EqualTo(1));

        App.Deliver();
        for (var i = 0; i < 60; i++)
            Receive(SimulatedApp.Body("key", name: $"Project {i}"));

        Assert.That(App.Find("key")!.History.Count(entry => entry.Detail?.StartsWith("sent again", StringComparison.Ordinal) == true), Is.EqualTo(1));
        Assert.That(App.Logged(OtherBody), Is.EqualTo(61));
    }

    [Test]
    public void Another_body_that_cannot_be_noted_is_a_duplicate_all_the_same()
    {
        Receive(SimulatedApp.Body("key"));
        App.Deliver();
        App.Faults = call => call.Operation == StorageOperation.MergeEntity ? Fault.Unavailable : Fault.None;

        Assert.That(Receive(SimulatedApp.Body("key", name: "Project Griffin")), Is.EqualTo(KeptResponse.Duplicate));
        Assert.That(App.Logged(OtherBody), Is.EqualTo(1));
    }

    [Test]
    public void Another_body_of_an_event_that_changes_meanwhile_is_a_duplicate_too()
    {
        Receive(SimulatedApp.Body("key"));
        App.Deliver();
        App.Faults = call =>
        {
            if (call.Operation == StorageOperation.MergeEntity)
                Account.Edit(EventId.Of(SimulatedApp.Type, "key").Row, _ => { });
            return Fault.None;
        };

        Assert.That(Receive(SimulatedApp.Body("key", name: "Project Griffin")), Is.EqualTo(KeptResponse.Duplicate));
    }

    [Test]
    public void Another_body_does_not_cost_the_holder_of_a_claimed_event_its_lease()
    {
        var lease = App.Claimed("key");
        Receive(SimulatedApp.Body("key", name: "Project Griffin"));

        Account.Advance(TimeSpan.FromMinutes(3));

        Assert.That(App.Logged(OtherBody), Is.EqualTo(1));
        Assert.That(lease.Held.IsCancellationRequested, Is.False);
        Assert.That(() => App.Run(lease.CompleteAsync), Throws.Nothing);
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Completed));
    }

    [Test]
    public void A_key_in_another_case_is_another_event()
    {
        Receive(SimulatedApp.Body("key"));

        Assert.That(Receive(SimulatedApp.Body("KEY")), Is.EqualTo(KeptResponse.Accepted));
    }

    private string Receive(byte[] body) => App.Run(() => App.ReceiveAsync(body)).Kept!.Status;
}
