using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>Index and event rows that disagree, as a hand or a copied table leaves them, are repaired where they are met.</summary>
internal sealed class IndexRepairTests
{
    private SimulatedAccount account = null!;
    private SimulatedApp app = null!;

    private static EventId Id => EventId.Of(SimulatedApp.Type, "key");

    [SetUp]
    public void Start()
    {
        account = new SimulatedAccount();
        app = new SimulatedApp(account);
    }

    [TearDown]
    public void Stop() => app.Dispose();

    [Test]
    public void A_claim_needs_no_index_and_its_end_puts_one_in_place()
    {
        app.Insert("key");
        account.DeleteIndex(Id);
        account.Storage.Calls.Clear();

        var (outcome, lease) = app.Claim("key");
        var calls = account.Storage.Calls.Total;
        app.Run(lease!.CompleteAsync);

        Assert.That((outcome, calls), Is.EqualTo((ClaimOutcome.Claimed, 2)), "a read and a write");
        Assert.That(account.Storage.Calls.Total - calls, Is.LessThanOrEqualTo(6), "the end looks once for what is missing");
        Assert.That(app.Find("key")!.State, Is.EqualTo(EventState.Completed));
        Assert.That(account.Index.Select(key => key[..5]), Is.EquivalentTo(new[] { "done|", "done." }));
    }

    [Test]
    public void A_claim_gives_up_after_five_tries_when_the_event_changes_each_time()
    {
        app.Insert("key");
        app.Faults = call =>
        {
            if (call.Operation == Simulation.Http.StorageOperation.MergeEntity)
                account.Edit(Id.Row, _ => { });
            return Simulation.Calls.Fault.None;
        };
        account.Storage.Calls.Clear();

        var outcome = app.Claim("key").Outcome;

        Assert.That(outcome, Is.EqualTo(ClaimOutcome.Leased), "somebody is at work on it");
        Assert.That(account.Storage.Calls.Of(Simulation.Http.StorageOperation.MergeEntity), Is.EqualTo(5));
    }

    [Test]
    public void The_purge_does_not_believe_a_stray_row_that_says_an_open_event_is_finished()
    {
        app.Insert("key");
        var stray = Stray(EventState.Completed, account.Now);
        account.Advance(TimeSpan.FromDays(91));

        var forgotten = app.Run(() => app.Get<LedgerPurge>().RunAsync(CancellationToken.None));

        Assert.That(forgotten, Is.Zero);
        Assert.That(app.Find("key")!.State, Is.EqualTo(EventState.Received));
        Assert.That(account.Index, Has.No.Member(stray));
        Assert.That(account.IndexFaults.Where(key => key.StartsWith("open", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_purge_does_not_believe_a_row_that_says_an_event_finished_earlier_than_it_did()
    {
        Stray(EventState.Completed, account.Now);
        account.Advance(TimeSpan.FromDays(60));
        app.Run(() => app.Claimed("key").CompleteAsync());
        account.Advance(TimeSpan.FromDays(40));

        Assert.That(app.Run(() => app.Get<LedgerPurge>().RunAsync(CancellationToken.None)), Is.Zero);
        Assert.That(app.Find("key")!.State, Is.EqualTo(EventState.Completed));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_relay_removes_a_stray_open_row_and_counts_right_afterwards(bool exists)
    {
        if (exists)
            app.Run(() => app.Claimed("key").CompleteAsync());
        var stray = Stray(EventState.Received, account.Now);
        account.Advance(EventLedger.PickUpTime);

        app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None));
        Assert.That(account.Index, Has.No.Member(stray));
        app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None));

        Assert.That(app.Measured.Last("point.events.open"), Is.Zero);
        Assert.That(app.Measured.Last("point.events.oldest_open_age"), Is.Zero);
        Assert.That(account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Is.Empty);
    }

    [Test]
    public void A_stray_row_of_an_open_event_brings_back_the_rows_it_lacks()
    {
        app.Insert("key", name: "Phoenix");
        account.DeleteIndex(Id);
        var stray = Stray(EventState.Received, account.Now - TimeSpan.FromHours(1));

        app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None));

        Assert.That(account.Index, Has.No.Member(stray));
        Assert.That(account.IndexFaults, Is.Empty);
        Assert.That(account.Index, Has.Count.EqualTo(3));
    }

    [Test]
    public void Looking_at_an_event_puts_back_what_its_index_lacks_so_that_relay_and_listing_see_it()
    {
        app.Insert("key", name: "Phoenix");
        account.DeleteIndex(Id);

        app.Run(() => app.Get<EventOperations>().FindAsync("key", withBody: false, CancellationToken.None));
        account.Advance(EventLedger.PickUpTime);
        app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None));

        Assert.That(account.IndexFaults, Is.Empty);
        Assert.That(account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_dead_event_without_index_is_replayed()
    {
        app.Run(() => app.Claimed("key").DieAsync("error"));
        account.DeleteIndex(Id);

        var operations = app.Get<EventOperations>();
        var found = app.Run(() => operations.FindAsync(Id.Value, withBody: false, CancellationToken.None));
        account.DeleteIndex(Id);
        var answer = app.Run(() => operations.ReplayAsync(found, includeCompleted: false));

        Assert.That(answer.Outcome, Is.EqualTo(ChangeOutcome.Replayed));
        Assert.That(account.Index.Select(key => key[..5]), Is.EquivalentTo(new[] { "open|", "open." }));
    }

    [Test]
    public void A_finished_event_without_index_is_erased_all_the_same()
    {
        app.Run(() => app.Claimed("key").CompleteAsync());
        var found = app.Run(() => app.Get<EventOperations>().FindAsync(Id.Value, withBody: false, CancellationToken.None));
        account.DeleteIndex(Id);

        var answer = app.Run(() => app.Get<EventOperations>().EraseAsync(found));

        Assert.That(answer.Outcome, Is.EqualTo(ChangeOutcome.Erased));
        Assert.That(app.Find("key"), Is.Null);
        Assert.That(account.Storage.Tables.Entities(PointTable.Name), Has.Count.EqualTo(1), "its id is left");
    }

    // An index row that the event, if there is one, does not have.
    private string Stray(EventState state, DateTimeOffset at)
    {
        var row = EventIndex.RowsOf(EventLedger.New(SimulatedApp.Type, "key", at, at) with { State = state, FinishedAt = at }, false).First();
        account.Put(row);
        return row.RowKey;
    }
}
