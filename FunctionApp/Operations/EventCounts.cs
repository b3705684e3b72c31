using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>How the events stand.</summary>
/// <param name="Open">How many are not finished; from 1,000 in one of 16 partitions on, at least so many.</param>
/// <param name="OldestOpenReceivedAt">When the oldest of them was received, in UTC, or null when there is none.</param>
/// <param name="Dead">How many are dead; from 1,000 in one of 16 partitions on, at least so many.</param>
/// <param name="LastReceivedAt">When the last event was received, in UTC, or null when there was none.</param>
/// <param name="LatestDead">The latest dead events.</param>
/// <param name="Latest">The latest events that are open or completed.</param>
public sealed record EventCounts(
    long Open,
    DateTimeOffset? OldestOpenReceivedAt,
    long Dead,
    DateTimeOffset? LastReceivedAt,
    IReadOnlyList<EventSummary> LatestDead,
    IReadOnlyList<EventSummary> Latest);
