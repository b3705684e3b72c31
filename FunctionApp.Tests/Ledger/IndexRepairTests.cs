using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>Index and event rows that disagree, as a hand or a copied table leaves them, are repaired where they are met.</summary>
internal sealed class IndexRepairTests : SimulatedAppTests
{
    private static EventId Id => EventId.Of(SimulatedApp.Type, "key");

    [Test]
    public void A_claim_needs_no_index_and_its_end_puts_one_in_place()
    {
        App.Insert("key");
        Account.DeleteIndex(Id);
        Account.Storage.Calls.Clear();

        var (outcome, lease) = App.Claim("key");
        var calls = Account.Storage.Calls.Total;
        App.Run(lease!.CompleteAsync);

        Assert.That((outcome, calls), Is.EqualTo((ClaimOutcome.Claimed, 2)), "a read and a write");
        Assert.That(Account.Storage.Calls.Total - calls, Is.LessThanOrEqualTo(6), "the end looks once for what is missing");
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Completed));
        Assert.That(Account.Index.Select(key => key[..5]), Is.EquivalentTo(new[] { "done|", "done." }));
    }

    [Test]
    public void A_claim_that_others_are_always_ahead_of_fails_so_that_its_message_comes_again()
    {
        App.Insert("key");
        App.Faults = call =>
        {
            if (call.Operation == Simulation.Http.StorageOperation.MergeEntity)
                Account.Edit(Id.Row, _ => { });
            return Simulation.Calls.Fault.None;
        };
        var begun = Account.Now;

        Assert.That(() => App.Claim("key"), Throws.InstanceOf<TimeoutException>());

        Assert.That(Account.Now - begun, Is.InRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11)));
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received));
    }

    [Test]
    public void A_claim_outlasts_a_burst_of_changes_that_others_make()
    {
        App.Insert("key");
        var changes = 0;
        App.Faults = call =>
        {
            if (call.Operation == Simulation.Http.StorageOperation.MergeEntity && ++changes <= 20)
                Account.Edit(Id.Row, _ => { });
            return Simulation.Calls.Fault.None;
        };

        Assert.That(App.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Claimed));
        Assert.That(changes, Is.EqualTo(21));
    }

    [Test]
    public void The_purge_does_not_believe_a_stray_row_that_says_an_open_event_is_finished()
    {
        App.Insert("key");
        var stray = Stray(EventState.Completed, Account.Now);
        Account.Advance(TimeSpan.FromDays(91));

        var forgotten = App.Run(() => App.Get<LedgerPurge>().RunAsync(CancellationToken.None));

        Assert.That(forgotten, Is.Zero);
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received));
        Assert.That(Account.Index, Has.No.Member(stray));
        Assert.That(Account.IndexFaults.Where(key => key.StartsWith("open", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_purge_does_not_believe_a_row_that_says_an_event_finished_earlier_than_it_did()
    {
        Stray(EventState.Completed, Account.Now);
        Account.Advance(TimeSpan.FromDays(60));
        App.Run(() => App.Claimed("key").CompleteAsync());
        Account.Advance(TimeSpan.FromDays(40));

        Assert.That(App.Run(() => App.Get<LedgerPurge>().RunAsync(CancellationToken.None)), Is.Zero);
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Completed));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_relay_removes_a_stray_open_row_and_counts_right_afterwards(bool exists)
    {
        if (exists)
            App.Run(() => App.Claimed("key").CompleteAsync());
        var stray = Stray(EventState.Received, Account.Now);
        Account.Advance(EventLedger.PickUpTime);

        App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));
        Assert.That(Account.Index, Has.No.Member(stray));
        App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));

        Assert.That(App.Measured.Last("point.events.open"), Is.Zero);
        Assert.That(App.Measured.Last("point.events.oldest_open_age"), Is.Zero);
        Assert.That(Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Is.Empty);
    }

    [Test]
    public void A_stray_row_brings_back_the_rows_that_its_event_lacks([Values] bool isDead)
    {
        App.Insert("key", name: "Phoenix");
        if (isDead)
            App.Run(() => App.Claimed("key").DieAsync("error"));
        Account.DeleteIndex(Id);
        var stray = Stray(EventState.Received, Account.Now - TimeSpan.FromHours(1));

        App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));

        Assert.That(Account.Index, Has.No.Member(stray));
        Assert.That(Account.IndexFaults, Is.Empty);
        Assert.That(Account.Index, Has.Count.EqualTo(isDead ? 3 : 1));
    }

    [Test]
    public void Looking_at_an_event_puts_back_what_its_index_lacks_so_that_relay_and_listing_see_it()
    {
        App.Insert("key", name: "Phoenix");
        Account.DeleteIndex(Id);

        App.Run(() => App.Get<EventOperations>().FindAsync("key", withBody: false, CancellationToken.None));
        Account.Advance(EventLedger.PickUpTime);
        App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));

        Assert.That(Account.IndexFaults, Is.Empty);
        Assert.That(Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(1));
    }

    [Test]
    public void Looking_at_an_event_that_is_processed_costs_its_processor_nothing()
    {
        var lease = App.Claimed("key");
        Account.DeleteIndex(Id);

        App.Run(() => App.Get<EventOperations>().FindAsync("key", withBody: false, CancellationToken.None));

        App.Run(lease.CompleteAsync);
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Completed));
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void A_dead_event_without_index_is_replayed()
    {
        App.Run(() => App.Claimed("key").DieAsync("error"));
        Account.DeleteIndex(Id);

        var operations = App.Get<EventOperations>();
        var found = App.Run(() => operations.FindAsync(Id.Value, withBody: false, CancellationToken.None));
        Account.DeleteIndex(Id);
        var answer = App.Run(() => operations.ReplayAsync(found, new Replay()));

        Assert.That(answer.Outcome, Is.EqualTo(ChangeOutcome.Replayed));
        Assert.That(Account.Index.Select(key => key[..5]), Is.EqualTo(new[] { "open|" }));
    }

    [Test]
    public void A_finished_event_without_index_is_erased_all_the_same()
    {
        App.Run(() => App.Claimed("key").CompleteAsync());
        var found = App.Run(() => App.Get<EventOperations>().FindAsync(Id.Value, withBody: false, CancellationToken.None));
        Account.DeleteIndex(Id);

        var answer = App.Run(() => App.Get<EventOperations>().EraseAsync(found));

        Assert.That(answer.Outcome, Is.EqualTo(ChangeOutcome.Erased));
        Assert.That(App.Find("key"), Is.Null);
        Assert.That(Account.Storage.Tables.Entities(PointTable.Name), Has.Count.EqualTo(1), "its id is left");
    }

    // An index row that the event, if there is one, does not have.
    private string Stray(EventState state, DateTimeOffset at)
    {
        var row = EventIndex.RowsOf(EventLedger.New(SimulatedApp.Type, "key", at, at) with { State = state, FinishedAt = at }).First();
        Account.Put(row);
        return row.RowKey;
    }
}
