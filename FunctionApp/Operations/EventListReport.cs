using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>Dead events that died of the same.</summary>
/// <param name="Cause">The id to filter by.</param>
/// <param name="Error">What the errors have in common.</param>
/// <param name="Count">How many there are among those looked at.</param>
/// <param name="LatestAt">When the latest of them died.</param>
internal sealed record DeadCause(string Cause, string Error, int Count, DateTimeOffset? LatestAt);

/// <summary>Why events are dead.</summary>
/// <param name="Causes">The causes, the most frequent first.</param>
/// <param name="LookedAt">How many dead events were looked at, the latest ones.</param>
/// <param name="More">Whether there are more that were not.</param>
internal sealed record DeadCauses(IReadOnlyList<DeadCause> Causes, int LookedAt, bool More);

/// <summary>A page of events, and what an operator wants to know beside it. What is not known is null, and named.</summary>
/// <param name="At">When this was found out, in UTC.</param>
/// <param name="Total">How many events the filter shows; null also where the index does not tell.</param>
/// <param name="Dead">Why those of the filter that are dead died; null also where it shows no dead ones.</param>
/// <param name="Replays">The replays of many events in the last day.</param>
/// <param name="Unknown">The parts that are not known just now, and why.</param>
internal sealed record EventListReport(
    DateTimeOffset At,
    EventQuery Query,
    EventPage? Page,
    EventTally? Total,
    DeadCauses? Dead,
    IReadOnlyList<BulkReplay>? Replays,
    IReadOnlyList<UnknownPart> Unknown);
