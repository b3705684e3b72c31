using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>What of an event is kept and shown, and how much of it; what its addresses look like.</summary>
internal sealed class EventRecordTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly LedgerEvent Received = EventLedger.New(SimulatedApp.Type, "key", Start, Start.AddHours(1));

    [Test]
    public void An_event_is_as_old_as_its_receipt_and_is_looked_at_two_minutes_after_it_was_kept()
    {
        Assert.That((Received.ReceivedAt, Received.CheckAt), Is.EqualTo((Start, Start.AddHours(1).AddMinutes(2))));
        Assert.That(Received.History, Is.EqualTo([new HistoryEntry(Start.AddHours(1), EventState.Received)]));
        Assert.That((Received.State, Received.Attempts, Received.IsOpen), Is.EqualTo((EventState.Received, 0, true)));
    }

    [Test]
    public void Times_are_kept_in_whole_milliseconds()
    {
        var odd = Start.AddTicks(12_345);

        Assert.That(EventLedger.New("X", "key", odd, odd).ReceivedAt, Is.EqualTo(Start.AddMilliseconds(1)));
    }

    [Test]
    public void A_history_keeps_its_beginning_and_its_last_forty_nine_entries()
    {
        var noted = Enumerable.Range(1, 60).Aggregate(Received, (read, i) => read.Noting(Start.AddMinutes(i), $"{i}"));

        Assert.That(noted.History, Has.Length.EqualTo(50));
        Assert.That(noted.History[0], Is.EqualTo(Received.History[0]));
        Assert.That(noted.History[1].Detail, Is.EqualTo("12"));
        Assert.That(noted.History[^1].Detail, Is.EqualTo("60"));
    }

    [TestCase(500, 500)]
    [TestCase(501, 501)]
    [TestCase(40_000, 501)]
    public void A_detail_is_cut_at_five_hundred_characters_and_says_so(int length, int kept)
    {
        var detail = Received.Noting(Start, new string('x', length)).History[^1].Detail!;

        Assert.That((detail.Length, detail.EndsWith('…')), Is.EqualTo((kept, length > 500)));
    }

    [TestCase(300, 300)]
    [TestCase(301, 301)]
    [TestCase(40_000, 301)]
    public void A_list_shows_three_hundred_characters_of_an_error_and_of_a_name(int length, int shown)
    {
        var text = new string('x', length);

        var summary = EventSummary.Of(Received with { LastError = text, WorkspaceName = text, WorkspaceKind = text });

        foreach (var seen in new[] { summary.Error!, summary.WorkspaceName!, summary.WorkspaceKind! })
            Assert.That((seen.Length, seen.EndsWith('…')), Is.EqualTo((shown, length > 300)));
    }

    [TestCase(null, false)]
    [TestCase("", false)]
    [TestCase("  ", false)]
    [TestCase("Phoenix", true)]
    public void An_event_is_found_by_its_workspace_where_it_names_one(string? name, bool isIndexed)
    {
        var open = EventIndex.RowsOf(Received with { WorkspaceName = name }).Single();
        var finished = EventIndex.KeysOf(Received with { WorkspaceName = name, State = EventState.Dead, FinishedAt = Start });

        Assert.That(open.ValueOf<string>("Name"), Is.EqualTo(isIndexed ? "name.50484f454e4958" : null));
        Assert.That(finished, Has.Count.EqualTo(isIndexed ? 3 : 2));
        Assert.That(finished.Append(open.RowKey).Select(EventIndex.IdOf), Is.All.EqualTo(Received.Id));
    }

    [Test]
    public void Names_share_a_range_from_sixty_four_bytes_on_and_in_any_case()
    {
        var range = EventIndex.Named(new string('a', 64));

        Assert.That(EventIndex.Named(new string('A', 65) + "b"), Is.EqualTo(range));
        Assert.That(EventIndex.Named(new string('a', 63)), Is.Not.EqualTo(range));
        Assert.That(EventIndex.Named(" Phoenix "), Is.EqualTo(EventIndex.Named("phoenix")));
    }

    [TestCase(EventState.Received, "open")]
    [TestCase(EventState.Processing, "open")]
    [TestCase(EventState.Retrying, "open")]
    [TestCase(EventState.Dead, "dead")]
    [TestCase(EventState.Completed, "done")]
    public void Each_state_has_its_group(EventState state, string group)
    {
        var keys = EventIndex.KeysOf(Received with { State = state, FinishedAt = Start });

        string[] ofType = group == "open" ? [] : [$"{group}.{EventId.HashOfType(SimulatedApp.Type)}"];
        Assert.That(keys.Select(key => key.Split('|')[0]), Is.EqualTo([group, .. ofType]));
    }

    [Test]
    public void What_the_relay_looks_at_first_sorts_first_and_what_finished_last_does()
    {
        Assert.That(Key(Received), Is.LessThan(Key(Received with { CheckAt = Received.CheckAt.AddTicks(1) })).Using<string>(string.CompareOrdinal));
        var (earlier, later) = (Received with { State = EventState.Dead, FinishedAt = Start }, Received with { State = EventState.Dead, FinishedAt = Start.AddTicks(1) });
        Assert.That(Key(later), Is.LessThan(Key(earlier)).Using<string>(string.CompareOrdinal));

        static string Key(LedgerEvent one) => EventIndex.KeysOf(one)[0];
    }

    [TestCase(-1, false)]
    [TestCase(0, true)]
    [TestCase(1, true)]
    public void An_open_row_is_due_from_its_time_on(int ticks, bool isDue) =>
        Assert.That(EventIndex.IsDue(EventIndex.KeysOf(Received)[0], Received.CheckAt.AddTicks(ticks)), Is.EqualTo(isDue));

    [Test]
    public void An_id_is_what_it_looks_like()
    {
        var id = EventId.Of(SimulatedApp.Type, "key").Value;

        Assert.That((id.Length, EventId.TryParse(id)?.Value), Is.EqualTo((53, id)));
        foreach (var other in new[] { "", id[1..], id + "0", id.ToUpperInvariant(), id + "\n", id.Replace('-', '_') })
            Assert.That(EventId.TryParse(other), Is.Null, other);
        Assert.That(EventIndex.IdOf(id), Is.Null, "it is no row of the index");
        Assert.That(EventIndex.IdOf($"open|1|{id}"), Is.Null);
    }

    [TestCase(-1, true)]
    [TestCase(0, false)]
    public void A_lease_lasts_until_its_end_and_only_while_the_event_is_processed(int ticks, bool isLeased)
    {
        var leased = Received with { State = EventState.Processing, LeaseUntil = Start };

        Assert.That(leased.IsLeasedAt(Start.AddTicks(ticks)), Is.EqualTo(isLeased));
        Assert.That((leased with { State = EventState.Retrying }).IsLeasedAt(Start.AddTicks(ticks)), Is.False);
    }

    [Test]
    public void What_is_forgotten_is_an_id_and_nothing_else()
    {
        var row = LedgerRows.Forgotten(Received.Id, "write");

        Assert.That(LedgerRows.IsForgotten(row), Is.True);
        Assert.That(row.Keys.Except(["odata.etag", "Timestamp"]), Is.EquivalentTo(["PartitionKey", "RowKey", "State", "WriteId"]));
        Assert.That(LedgerRows.IsForgotten(new TableEntity("p", "r") { ["State"] = "Dead" }), Is.False);
    }
}
