namespace PointWebhooks.Ledger;

/// <summary>An event as a list shows it.</summary>
/// <param name="IdempotencyKey">Its key.</param>
/// <param name="Type">Its type.</param>
/// <param name="State">How far it got.</param>
/// <param name="ReceivedAt">When it was received, in UTC.</param>
/// <param name="DueAt">When it deserves a look; for a finished event, when it finished. In UTC.</param>
/// <param name="Attempts">How many attempts have failed.</param>
public sealed record EventSummary(
    string IdempotencyKey, string Type, EventState State, DateTimeOffset ReceivedAt, DateTimeOffset DueAt, int Attempts);
