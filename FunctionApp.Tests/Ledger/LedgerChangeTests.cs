using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>What is changed about an event that nobody processes.</summary>
internal sealed class LedgerChangeTests : SimulatedAppTests
{
    private static EventId Id => EventId.Of(SimulatedApp.Type, "key");

    private LedgerEvent Found => App.Find("key")!;

    [Test]
    public void What_is_said_again_and_again_of_one_that_waits_is_kept_once()
    {
        App.Insert("key");

        foreach (var note in new[] { "sent again", "sent again", null, "another", "sent again" })
            App.Run(() => App.Ledger.PostponeAsync(Found, TimeSpan.FromMinutes(1), note));

        Assert.That(Found.History.Skip(1).Select(entry => entry.Detail), Is.EqualTo(["sent again", "another", "sent again"]));
        Assert.That(Found.CheckAt, Is.EqualTo(Account.Now.AddMinutes(1)));
    }

    [Test]
    public void A_note_is_kept_once_unless_the_event_is_processed_or_about_to_be()
    {
        App.Insert("key");
        App.Run(() => App.Ledger.NoteAsync(Id, "waits", ""));
        var lease = App.Claim("key").Lease!;
        App.Run(() => App.Ledger.NoteAsync(Id, "is processed", ""));
        App.Run(() => lease.CompleteAsync());
        App.Run(() => App.Ledger.NoteAsync(Id, "received again", ", the first time"));
        App.Run(() => App.Ledger.NoteAsync(Id, "received again", ", the second time"));

        Assert.That(Found.History.Select(entry => entry.Detail), Is.EqualTo([null, null, null, "received again, the first time"]));
    }

    [Test]
    public void A_dead_event_is_opened_again_with_what_has_finished_and_a_completed_one_without()
    {
        var dead = App.Run(() => App.Ledger.ReopenAsync(Finished(EventState.Dead), by: "Ada"))!;
        Assert.That((dead.State, dead.Attempts, dead.FinishedAt), Is.EqualTo((EventState.Received, 0, (DateTimeOffset?)null)));
        Assert.That((dead.Done, dead.GivenUp, dead.History[^1].Detail, dead.History[^1].By), Is.EqualTo((new[] { "Log" }, Array.Empty<string>(), "replayed", "Ada")));
        Assert.That(dead.CheckAt, Is.EqualTo(Account.Now + EventLedger.PickUpTime));

        var completed = App.Run(() => App.Ledger.ReopenAsync(Finished(EventState.Completed)))!;
        Assert.That((completed.Done, completed.GivenUp), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
    }

    [TestCase(EventState.Dead, "Log", new string[0], new[] { "Jira", "Teams", "Gone" })]
    [TestCase(EventState.Dead, "Jira", new[] { "Log" }, new[] { "Teams", "Gone" })]
    [TestCase(EventState.Completed, "Log", new[] { "Jira", "Teams" }, new string[0])]
    public void Opened_for_one_handler_the_others_stay_as_they_are(EventState state, string handler, string[] done, string[] givenUp)
    {
        var open = App.Run(() => App.Ledger.ReopenForAsync(Finished(state), handler, ["Log", "Jira", "Teams"], by: null))!;

        Assert.That(open.Done, Is.EqualTo(done));
        Assert.That(open.GivenUp, Is.EqualTo(givenUp));
        Assert.That((open.State, open.History[^1].Detail), Is.EqualTo((EventState.Received, $"replayed for {handler} only")));
    }

    [TestCase(null, "Given up on request before its first attempt.")]
    [TestCase("Jira: 401", "Jira: 401")]
    public void Given_up_on_request_it_is_dead_and_keeps_its_error(string? error, string expected)
    {
        App.Insert("key");

        var dead = App.Run(() => App.Ledger.GiveUpAsync(Found with { LastError = error }, by: "Ada"))!;

        Assert.That((dead.State, dead.FinishedAt, dead.LastError), Is.EqualTo((EventState.Dead, (DateTimeOffset?)Account.Now, expected)));
        Assert.That((dead.History[^1].Detail, dead.History[^1].By), Is.EqualTo(("given up on request", "Ada")));
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void What_is_processed_or_finished_is_not_given_up()
    {
        Assert.That(App.Run(() => App.Ledger.GiveUpAsync(App.Claimed("key").Event, by: null)), Is.Null);
        Assert.That(App.Run(() => App.Ledger.GiveUpAsync(Finished(EventState.Completed), by: null)), Is.Null);
    }

    [Test]
    public void What_has_changed_since_it_was_read_is_neither_forgotten_nor_given_up_nor_opened()
    {
        App.Run(App.Claimed("key").CompleteAsync);
        var stale = Found;
        Account.Edit(Id.Row, _ => { });

        Assert.That(App.Run(() => App.Ledger.ForgetAsync(stale)), Is.False);
        Assert.That(App.Run(() => App.Ledger.ReopenAsync(stale)), Is.Null);
        Assert.That(App.Run(() => App.Ledger.GiveUpAsync(stale with { State = EventState.Received }, by: null)), Is.Null);
        Assert.That(Found.State, Is.EqualTo(EventState.Completed));
    }

    [Test]
    public void A_missing_row_of_the_index_does_not_keep_the_others_from_moving()
    {
        var lease = App.Claimed("open");
        Account.Delete(new RowAddress(lease.Event.Id.Partition, EventIndex.KeysOf(lease.Event).Single()));
        App.Run(lease.CompleteAsync);
        Assert.That(Account.IndexFaults, Is.Empty);

        foreach (var i in new[] { 0, 1, 2 })
        {
            App.Insert($"key-{i}", name: "Phoenix");
            App.Run(App.Claimed($"key-{i}").CompleteAsync);
            var done = App.Find($"key-{i}")!;
            Account.Delete(new RowAddress(done.Id.Partition, EventIndex.KeysOf(done)[i]));

            App.Run(() => App.Ledger.ReopenAsync(done));

            Assert.That(Account.IndexFaults, Is.Empty);
        }
    }

    [Test]
    public void An_index_is_not_put_back_for_an_event_that_has_moved_on()
    {
        App.Insert("key");
        var stale = Found;
        Account.DeleteIndex(Id);
        Account.Edit(Id.Row, _ => { });

        Assert.That(App.Run(() => App.Get<LedgerRepair>().RestoreAsync(stale)), Is.SameAs(stale));
        Assert.That((Account.Index.Count, App.Logged(85)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_stray_row_is_said_to_be_removed_by_the_one_who_did()
    {
        var stray = new TableEntity(Id.Partition, EventIndex.KeysOf(EventLedger.New(SimulatedApp.Type, "key", Account.Now, Account.Now))[0]);
        Account.Put(stray);
        var read = App.Run(() => App.Get<PointTable>().FindAsync(new RowAddress(stray.PartitionKey, stray.RowKey), null, TimeSpan.FromSeconds(10)))!;

        App.Run(() => App.Get<LedgerRepair>().RemoveStrayAsync(read, ledgerEvent: null));
        App.Run(() => App.Get<LedgerRepair>().RemoveStrayAsync(read, ledgerEvent: null));

        Assert.That((Account.Index.Count, App.Logged(84)), Is.EqualTo((0, 1)));
    }

    [Test]
    public void The_purge_reads_nothing_of_what_stays()
    {
        for (var i = 0; i < 3; i++)
            App.Run(App.Claimed($"key-{i}").CompleteAsync);
        Account.Advance(TimeSpan.FromDays(89));
        Account.Storage.Calls.Clear();

        App.Run(() => App.Get<LedgerPurge>().RunAsync(CancellationToken.None));

        Assert.That(Account.Storage.Calls.Total, Is.EqualTo(2 * EventId.Partitions.Count), "a range of each group in each partition");
    }

    private LedgerEvent Finished(EventState state)
    {
        var lease = App.Claimed($"{state}");
        lease.Run(["Log", "Jira"]);
        App.Run(() => lease.RecordDoneAsync("Log"));
        App.Run(() => lease.RecordGivenUpAsync("Gone", "gone"));
        App.Run(() => state == EventState.Dead ? lease.DieAsync("error") : lease.CompleteAsync());
        return lease.Event;
    }
}
