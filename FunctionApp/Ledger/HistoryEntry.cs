namespace PointWebhooks.Ledger;

/// <summary>One step of an event's life.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="State">The state the event entered or was in.</param>
/// <param name="Detail">The handler that finished, the error of an attempt, or null.</param>
public sealed record HistoryEntry(DateTimeOffset At, EventState State, string? Detail = null);
