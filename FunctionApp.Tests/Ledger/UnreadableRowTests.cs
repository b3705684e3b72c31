using Azure.Data.Tables;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>Rows that another version or a hand has left: each is reported and passed over, and stops nothing else.</summary>
internal sealed class UnreadableRowTests
{
    private const int UnreadableRow = 83;

    private static readonly EventId Bad = EventId.Of(SimulatedApp.Type, "bad");

    private SimulatedAccount account = null!;
    private SimulatedApp app = null!;

    private static IEnumerable<TestCaseData<Action<TableEntity>>> Damages() =>
    [
        Damage("a state of another version", row => row["State"] = "Parked"),
        Damage("a state as a number", row => row["State"] = "1"),
        Damage("a state that no row of an event has", row => row["State"] = "Unreadable"),
        Damage("no state", row => row.Remove("State")),
        Damage("no type", row => row.Remove("Type")),
        Damage("no key", row => row.Remove("IdempotencyKey")),
        Damage("no time of receipt", row => row.Remove("ReceivedAt")),
        Damage("a time as a text", row => row["CheckAt"] = "tomorrow"),
        Damage("a number as a text", row => row["Attempts"] = "three"),
        Damage("names as a number", row => row["Done"] = 7),
        Damage("a history as a number", row => row["History"] = 7),
        Damage("the key of another event", row => row["IdempotencyKey"] = "another"),
        Damage("the type of another event", row => row["Type"] = "ProvisioningFailed"),
    ];

    // Those of the body alone, which is read when the event is to be processed.
    private static IEnumerable<TestCaseData<Action<TableEntity>>> BodyDamages() =>
    [
        Damage("no length of its body", row => row.Remove("BodyLength")),
        Damage("a length as a text", row => row["BodyLength"] = "many"),
        Damage("a body longer than it says", row => row["BodyLength"] = 7),
        Damage("a body shorter than it says", row => row["BodyLength"] = 64 * 1024),
        Damage("a piece of its body missing", row => row["BodyLength"] = (64 * 1024) + 1),
        Damage("no body", row => row.Remove("Body0")),
    ];

    [SetUp]
    public void Start()
    {
        account = new SimulatedAccount();
        app = new SimulatedApp(account);
        app.Insert("bad");
        app.Insert("honest");
    }

    [TearDown]
    public void Stop() => app.Dispose();

    [TestCaseSource(nameof(Damages))]
    public void The_relay_passes_over_a_row_with(Action<TableEntity> damage)
    {
        account.Edit(Bad.Row, row => damage(row));
        account.Advance(EventLedger.PickUpTime);

        for (var sweep = 0; sweep < 3; sweep++)
            app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None));

        var sent = account.Storage.Queues.Messages(QueueNames.ProvisioningStarted);
        Assert.That(sent.Select(message => Simulation.Histories.KnownLedger.EventOf(message.Text).Key), Is.EqualTo(["honest"]));
        Assert.That(app.Measured.Last("point.events.open"), Is.EqualTo(2), "its alert sees both");
        Assert.That(app.Logged(UnreadableRow), Is.EqualTo(1), "it is reported once");
        Assert.That(app.LogLines, Has.Some.Contains($"row '{Bad.Partition}', '{Bad}'"));
        Assert.That(app.Measured.Sum("point.ledger.unreadable_rows"), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Damages))]
    public void A_listing_and_the_status_show_a_row_with(Action<TableEntity> damage)
    {
        account.Edit(Bad.Row, row => damage(row));

        var listed = app.Run(() => app.Get<LedgerListing>().ListAsync(new EventFilter(), 10, null, CancellationToken.None)).Events;
        var status = app.Run(() => app.Get<StatusReader>().ReadAsync(CancellationToken.None));

        Assert.That(
            listed.Select(one => (one.Id, one.State)),
            Is.EquivalentTo(new[] { (Bad.Value, EventState.Unreadable), (EventId.Of(SimulatedApp.Type, "honest").Value, EventState.Received) }));
        Assert.That(listed.Single(one => one.State == EventState.Unreadable).Error, Is.Not.Empty, "it says why");
        Assert.That(status.Unknown, Is.Empty);
        Assert.That(status.Events!.Open, Is.EqualTo(2));
        Assert.That(status.Events.Latest.Count(one => one.State == EventState.Unreadable), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Damages))]
    public void A_claim_and_a_replay_leave_a_row_as_it_is_that_has(Action<TableEntity> damage)
    {
        account.Edit(Bad.Row, row => damage(row));
        var before = RowOf(Bad);
        account.Storage.Calls.Clear();

        var claimed = app.Claim("bad").Outcome;
        var calls = account.Storage.Calls.Total;
        var found = app.Run(() => app.Get<EventOperations>().FindAsync(Bad.Value, withBody: true, CancellationToken.None));
        var replayed = app.Run(() => app.Get<EventOperations>().ReplayAsync(found, new Replay(IncludeCompleted: true))).Outcome;
        var duplicate = app.Insert("bad");

        Assert.That((claimed, calls), Is.EqualTo((ClaimOutcome.Unreadable, 1)));
        Assert.That((found.Finding, replayed), Is.EqualTo((Finding.Unreadable, ChangeOutcome.Gone)));
        Assert.That(duplicate, Is.EqualTo(InsertOutcome.Duplicate), "its key is remembered all the same");
        Assert.That(RowOf(Bad), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(Damages))]
    public void The_purge_passes_over_a_row_with(Action<TableEntity> damage)
    {
        foreach (var key in new[] { "bad", "honest" })
            app.Run(() => app.Claim(key).Lease!.CompleteAsync());
        account.Edit(Bad.Row, row => damage(row));
        var before = RowOf(Bad);
        account.Advance(TimeSpan.FromDays(91));

        var forgotten = app.Run(() => app.Get<LedgerPurge>().RunAsync(CancellationToken.None));

        Assert.That(forgotten, Is.EqualTo(1), "the honest one");
        Assert.That(RowOf(Bad), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(BodyDamages))]
    public void No_handler_runs_for_a_row_with(Action<TableEntity> damage)
    {
        using var processing = new SimulatedApp(account, configure: services => services.AddEventHandler<RecordingHandler>());
        account.Edit(Bad.Row, row => damage(row));
        var before = RowOf(Bad);

        processing.Run(() => processing.ProcessAsync(new EventMessage(SimulatedApp.Type, "bad", null)));
        var (finding, found, why) = processing.Run(() => processing.Ledger.FindAsync(Bad, withBody: true, CancellationToken.None));

        Assert.That((processing.Records.Handled.Count, processing.Logged(UnreadableRow)), Is.EqualTo((0, 1)));
        Assert.That((finding, found), Is.EqualTo((Finding.Unreadable, default(LedgerEvent))));
        Assert.That(why, Does.Contain("body").IgnoreCase);
        Assert.That(RowOf(Bad), Is.EqualTo(before));
    }

    [Test]
    public void Of_two_in_one_partition_each_is_reported_and_each_once()
    {
        var other = Enumerable.Range(0, 1000).Select(i => $"bad-{i}")
            .First(key => EventId.Of(SimulatedApp.Type, key).Partition == Bad.Partition);
        app.Insert(other);
        EventId[] both = [Bad, EventId.Of(SimulatedApp.Type, other)];
        foreach (var id in both)
            account.Edit(id.Row, row => row["State"] = "Parked");

        foreach (var key in new[] { "bad", other, "bad", other })
            Assert.That(app.Find(key), Is.Null);

        Assert.That(app.LogOf(UnreadableRow).Select(line => line.Text), Is.EqualTo(both.Select(id =>
            $"This version cannot read the ledger row '{id.Partition}', '{id}' and skips it. "
            + "This version knows no such state as its column State holds.")));
        Assert.That(app.Measured.Sum("point.ledger.unreadable_rows"), Is.EqualTo(2));
    }

    [TestCase("Done")]
    [TestCase("GivenUp")]
    [TestCase("LastError")]
    [TestCase("Attempts")]
    [TestCase("CheckAt")]
    [TestCase("History")]
    public void A_column_that_an_older_version_did_not_write_is_empty(string column)
    {
        account.Edit(Bad.Row, row => row.Remove(column));

        Assert.That(app.Find("bad")!.State, Is.EqualTo(EventState.Received));
        Assert.That(app.Claim("bad").Outcome, Is.EqualTo(ClaimOutcome.Claimed));
    }

    [TestCase("""[{"at":"2026-01-01T00:00:00Z","state":"Parked"}]""")]
    [TestCase("not JSON")]
    public void A_history_that_cannot_be_read_is_not_worth_the_event(string history)
    {
        account.Edit(Bad.Row, row => row["History"] = history);

        Assert.That(app.Find("bad")!.History, Is.Empty);
        Assert.That(app.Claim("bad").Outcome, Is.EqualTo(ClaimOutcome.Claimed));
    }

    [TestCase("open|whatever")]
    [TestCase("open|0000000000000000000|0123-4567")]
    [TestCase("notes of somebody")]
    public void A_row_that_is_none_of_the_ledgers_is_left_alone(string rowKey)
    {
        account.Put(new TableEntity(Bad.Partition, rowKey) { ["State"] = "Received" });
        account.Advance(EventLedger.PickUpTime);

        app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None));
        var listed = app.Run(() => app.Get<LedgerListing>().ListAsync(new EventFilter(), 10, null, CancellationToken.None)).Events;

        Assert.That(account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(2));
        Assert.That(listed, Has.Count.EqualTo(2));
        Assert.That(account.Storage.Tables.Entities(PointTable.Name).Select(row => row.Key.Row), Has.Member(rowKey));
    }

    [Test]
    public void An_index_row_whose_time_cannot_be_read_stops_nothing()
    {
        foreach (var key in EventIndex.KeysOf(app.Find("bad")!))
            account.Edit(new RowAddress(Bad.Partition, key), row => row["ReceivedAt"] = "yesterday");
        account.Advance(EventLedger.PickUpTime);

        app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None));
        var status = app.Run(() => app.Get<StatusReader>().ReadAsync(CancellationToken.None));

        Assert.That(account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(2));
        Assert.That(status.Events!.Open, Is.EqualTo(2));
    }

    [TestCase("WriteId")]
    [TestCase("BodyHash")]
    public void A_duplicate_of_a_row_whose_id_or_hash_cannot_be_read_is_a_duplicate(string column)
    {
        account.Edit(Bad.Row, row => row[column] = 7);

        Assert.That(app.Insert("bad"), Is.EqualTo(InsertOutcome.Duplicate));
    }

    private Simulation.Tables.SimulatedEntity RowOf(EventId id) =>
        account.Storage.Tables.Entities(PointTable.Name).Single(row => row.Key.Row == id.Value);

    private static TestCaseData<Action<TableEntity>> Damage(string name, Action<TableEntity> damage) =>
        new(damage) { TestName = "{m} " + name };
}
