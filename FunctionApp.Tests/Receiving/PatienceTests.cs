using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>How long a sender waits, and what for, while storage is in trouble.</summary>
internal sealed class PatienceTests : SimulatedAppTests
{
    private static readonly TimeSpan SendBudget = TimeSpan.FromSeconds(2);

    [Test]
    public void An_insert_that_is_refused_at_once_is_tried_for_ten_seconds_with_pauses()
    {
        App.Faults = _ => Fault.Unavailable;

        var (answer, taken) = App.Timed(() => App.ReceiveAsync(SimulatedApp.Body("key")));

        Assert.That(answer.Refused, Is.EqualTo(Refusal.StorageUnavailable));
        Assert.That(taken, Is.InRange(LedgerWriter.InsertBudget - SendBudget, LedgerWriter.InsertBudget));
        Assert.That(Account.Storage.Calls.Total, Is.InRange(8, 25), "neither a storm nor three tries");
    }

    [Test]
    public void A_conflict_with_a_row_that_is_not_there_is_no_duplicate()
    {
        Account.DeleteLedger(TimeSpan.FromHours(1));
        App.Faults = call =>
        {
            if (call.Operation == StorageOperation.GetEntity)
                Account.Storage.Tables.DeletionTime = TimeSpan.Zero;
            return Fault.None;
        };

        Assert.That(App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"))).Refused, Is.EqualTo(Refusal.StorageUnavailable));
    }

    [TestCase(7.5)]
    [TestCase(3)]
    [TestCase(0.5)]
    public void An_outage_that_ends_within_the_budget_costs_no_event(double seconds)
    {
        var over = Account.Now + TimeSpan.FromSeconds(seconds);
        App.Faults = _ => Account.Now < over ? Fault.Unavailable : Fault.None;

        var answer = App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));

        Assert.That(answer.Kept!.Status, Is.EqualTo(KeptResponse.Accepted));
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received));
    }

    [Test]
    public void An_insert_that_hangs_is_given_up_after_ten_seconds([Values] bool takesEffect)
    {
        App.Faults = _ => takesEffect ? Fault.HangsAfterEffect : Fault.Hangs;

        var (answer, taken) = App.Timed(() => App.ReceiveAsync(SimulatedApp.Body("key")));

        Assert.That(answer.Refused, Is.EqualTo(Refusal.StorageUnavailable));
        Assert.That(taken, Is.InRange(LedgerWriter.InsertBudget - SendBudget, LedgerWriter.InsertBudget));
        Assert.That(taken, Is.EqualTo(TimeSpan.FromSeconds(10)), "as documented");
    }

    [Test]
    public void One_insert_that_hangs_is_tried_again_after_four_seconds([Values] bool takesEffect)
    {
        var inserts = 0;
        App.Faults = call => call.Operation != StorageOperation.Transaction || inserts++ > 0 ? Fault.None
            : takesEffect ? Fault.HangsAfterEffect
            : Fault.Hangs;

        var (answer, taken) = App.Timed(() => App.ReceiveAsync(SimulatedApp.Body("key")));

        Assert.That(answer.Kept!.Status, Is.EqualTo(KeptResponse.Accepted), "its own earlier try is no duplicate");
        Assert.That(taken, Is.InRange(StorageRetry.TryTimeout, StorageRetry.TryTimeout + TimeSpan.FromSeconds(0.1)));
        Assert.That(Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_queue_that_does_not_take_the_message_costs_a_sender_two_seconds_and_no_event([Values("503", "no answer", "lost")] string failure)
    {
        App.Faults = call => call.Operation != StorageOperation.SendMessage ? Fault.None
            : failure == "503" ? Fault.Unavailable
            : failure == "lost" ? Fault.AnswerLost
            : Fault.Hangs;

        var (answer, taken) = App.Timed(() => App.ReceiveAsync(SimulatedApp.Body("key")));

        Assert.That(answer.Kept!.Status, Is.EqualTo(KeptResponse.Accepted));
        Assert.That(taken, Is.LessThanOrEqualTo(SendBudget));
        if (failure == "no answer")
            Assert.That(taken, Is.EqualTo(SendBudget));
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received), "the relay is the net");
    }

    [Test]
    public void All_of_storage_hanging_after_a_late_insert_keeps_a_sender_for_twelve_seconds_at_most()
    {
        var over = Account.Now + TimeSpan.FromSeconds(7);
        App.Faults = call => call.Operation == StorageOperation.SendMessage ? Fault.Hangs
            : Account.Now < over ? Fault.Unavailable
            : Fault.None;

        var (answer, taken) = App.Timed(() => App.ReceiveAsync(SimulatedApp.Body("key")));

        Assert.That(answer.Kept!.Status, Is.EqualTo(KeptResponse.Accepted));
        Assert.That(taken, Is.LessThanOrEqualTo(LedgerWriter.InsertBudget + SendBudget));
    }
}
