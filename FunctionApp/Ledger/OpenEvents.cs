namespace PointWebhooks.Ledger;

/// <summary>What is not finished.</summary>
/// <param name="Count">How many events are open; from 1,000 in one partition on, at least so many.</param>
/// <param name="OldestReceivedAt">When the oldest of them was received, or null when there is none.</param>
/// <param name="Overdue">Those that are due for a look, most overdue first within a partition.</param>
/// <param name="Latest">Those that were received last.</param>
public sealed record OpenEvents(
    long Count, DateTimeOffset? OldestReceivedAt, IReadOnlyList<EventSummary> Overdue, IReadOnlyList<EventSummary> Latest);
