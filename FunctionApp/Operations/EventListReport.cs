using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>Dead events that died of the same.</summary>
/// <param name="Cause">The id to filter by.</param>
/// <param name="Error">What the errors have in common.</param>
/// <param name="Count">How many there are among those looked at.</param>
/// <param name="LatestAt">When the latest of them died.</param>
/// <param name="KnownSince">Since when somebody sees to it; null where nobody has said so.</param>
/// <param name="KnownBy">Who has said so, or null where that is not known.</param>
/// <param name="DiedSince">How many of those looked at have died since then.</param>
internal sealed record DeadCause(
    string Cause,
    string Error,
    int Count,
    DateTimeOffset? LatestAt,
    DateTimeOffset? KnownSince = null,
    string? KnownBy = null,
    int? DiedSince = null);

/// <summary>The answer to what an operator says of a cause.</summary>
/// <param name="IsKnown">Whether somebody sees to it.</param>
internal sealed record CauseAnswer(string Cause, bool IsKnown);

/// <summary>Why events are dead.</summary>
/// <param name="Causes">The causes, the most frequent first; after them those that are known and of which none has died since.</param>
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

/// <summary>The same for programs.</summary>
/// <param name="Events">The events of the page.</param>
/// <param name="Continuation">What to ask for the next page with; null on the last.</param>
internal sealed record EventListAnswer(
    DateTimeOffset At,
    IReadOnlyList<EventSummary> Events,
    string? Continuation,
    EventTally? Total,
    DeadCauses? Dead,
    IReadOnlyList<BulkReplay>? Replays,
    IReadOnlyList<UnknownPart> Unknown)
{
    /// <summary>The answer, or null where the events themselves are not known.</summary>
    public static EventListAnswer? Of(EventListReport report) => report.Page is { } page
        ? new EventListAnswer(report.At, page.Events, page.Continuation, report.Total, report.Dead, report.Replays, report.Unknown)
        : null;
}
