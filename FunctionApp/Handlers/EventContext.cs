namespace PointWebhooks.Handlers;

/// <summary>What a handler knows about the event it handles, beside the event.</summary>
/// <param name="EventId">
/// The event's id: its type and key, as 53 letters, digits and a dash. A handler passes it downstream, or looks there for it first:
/// should the app crash between the effect and its record, the handler runs again with the same id.
/// </param>
/// <param name="IdempotencyKey">The vendor's key: any text. Events of different types may share one.</param>
/// <param name="ReceivedAt">When the event was received, in UTC.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
public sealed record EventContext(
    string EventId, string IdempotencyKey, DateTimeOffset ReceivedAt, int Attempt, ReadOnlyMemory<byte> Body);
