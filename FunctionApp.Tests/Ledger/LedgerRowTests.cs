using System.Collections.Immutable;
using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>What a row says of an event, and what it can hold.</summary>
internal sealed class LedgerRowTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly LedgerEvent Received = EventLedger.New(SimulatedApp.Type, "key", Start, Start);

    // A change is merged into the row, which so keeps what other states have set.
    [TestCase(EventState.Received, false, false, false)]
    [TestCase(EventState.Retrying, true, false, false)]
    [TestCase(EventState.Processing, false, true, false)]
    [TestCase(EventState.Completed, false, false, true)]
    [TestCase(EventState.Dead, false, false, true)]
    public void What_another_state_has_set_is_not_this_ones(EventState state, bool hasNext, bool isLeased, bool isFinished)
    {
        var read = LedgerRows.ToEvent(Whole(Full(state)));

        Assert.That(
            (read.NotBefore is not null, read.LeaseOwner is not null, read.LeaseUntil is not null, read.FinishedAt is not null),
            Is.EqualTo((hasNext, isLeased, isLeased, isFinished)));
    }

    [Test]
    public void What_waits_for_a_paused_handler_has_no_next_attempt() =>
        Assert.That(LedgerRows.ToEvent(Whole(Full(EventState.Retrying) with { WaitsFor = ["Jira"] })).NotBefore, Is.Null);

    [Test]
    public void A_history_too_long_for_its_property_loses_its_middle()
    {
        // Escaped, each of these takes six characters.
        var grown = Enumerable.Range(1, 30).Aggregate(Received, (one, i) => one.Noting(Start, $"{i} {new string('\u6771', 400)}"));

        var row = Whole(grown);

        Assert.That(((string)row[nameof(LedgerEvent.History)]).Length, Is.LessThanOrEqualTo(32 * 1024));
        var read = LedgerRows.ToEvent(row).History;
        Assert.That(read, Has.Length.GreaterThan(10).And.Length.LessThan(20));
        Assert.That((read[0], read[^1]), Is.EqualTo((grown.History[0], grown.History[^1])));
        Assert.That(read.Skip(1), Is.EqualTo(grown.History.TakeLast(read.Length - 1)));
    }

    [TestCase(32 * 1024)]
    [TestCase((32 * 1024) + 1)]
    public void An_error_is_kept_as_far_as_a_property_goes(int length) => Assert.That(
        LedgerRows.ToEvent(Whole(Received with { LastError = new string('x', length) })).LastError, Has.Length.EqualTo(32 * 1024));

    [TestCase(500, true)]
    [TestCase(501, false)]
    public void A_link_is_kept_whole_or_not_at_all(int length, bool isKept)
    {
        var link = new string('x', length);

        Assert.That(Received.Noting(Start, link: link).History[^1].Link, Is.EqualTo(isKept ? link : null));
    }

    private static LedgerEvent Full(EventState state) => Received with
    {
        State = state,
        NotBefore = Start,
        LeaseOwner = "owner",
        LeaseUntil = Start,
        FinishedAt = Start,
    };

    private static TableEntity Whole(LedgerEvent one) => LedgerRows.Whole(one, ImmutableArray<byte>.Empty.AsMemory(), "write");
}
