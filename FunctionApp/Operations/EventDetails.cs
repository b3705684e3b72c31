using System.Text.Json;
using PointWebhooks.Events;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>One event as an operator sees it.</summary>
/// <param name="IdempotencyKey">Its key.</param>
/// <param name="Type">Its type.</param>
/// <param name="State">How far it got.</param>
/// <param name="ReceivedAt">When it was received, in UTC.</param>
/// <param name="DueAt">When it deserves a look if nothing happens before; for a finished event, when it finished.</param>
/// <param name="CompletedAt">When every handler had finished.</param>
/// <param name="Attempts">How many attempts have failed.</param>
/// <param name="LastError">What the last of them said.</param>
/// <param name="Done">The handlers that have finished.</param>
/// <param name="GivenUp">The handlers that have given up on it.</param>
/// <param name="History">What happened, oldest first.</param>
/// <param name="Body">The body, when it is JSON that can be shown (<see cref="ReadableBody"/>).</param>
/// <param name="BodyText">The body as text, when it is not.</param>
/// <param name="BodyBase64">The body's bytes, when it is not or does not say all that they do.</param>
public sealed record EventDetails(
    string IdempotencyKey,
    string Type,
    EventState State,
    DateTimeOffset ReceivedAt,
    DateTimeOffset DueAt,
    DateTimeOffset? CompletedAt,
    int Attempts,
    string? LastError,
    IReadOnlyList<string> Done,
    IReadOnlyList<string> GivenUp,
    IReadOnlyList<HistoryEntry> History,
    JsonElement? Body,
    string? BodyText,
    byte[]? BodyBase64)
{
    /// <summary>Shows an event that was read with its body.</summary>
    public static EventDetails Of(LedgerEvent ledgerEvent)
    {
        var readable = ledgerEvent.Body is { } bytes ? ReadableBody.Of(bytes) : null;
        return new EventDetails(
            ledgerEvent.IdempotencyKey,
            ledgerEvent.Type,
            ledgerEvent.State,
            ledgerEvent.ReceivedAt,
            ledgerEvent.DueAt,
            ledgerEvent.CompletedAt,
            ledgerEvent.Attempts,
            ledgerEvent.LastError,
            ledgerEvent.Done,
            ledgerEvent.GivenUp,
            ledgerEvent.History,
            readable?.Json,
            readable?.Text,
            readable is { IsExact: false } ? ledgerEvent.Body?.ToArray() : null);
    }
}
