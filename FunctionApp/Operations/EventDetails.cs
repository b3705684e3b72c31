using System.Text.Json;
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
/// <param name="Body">The body, when it is JSON.</param>
/// <param name="BodyBase64">The body's bytes, when it is not.</param>
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
    byte[]? BodyBase64)
{
    /// <summary>Shows an event that was read with its body.</summary>
    public static EventDetails Of(LedgerEvent ledgerEvent)
    {
        var bytes = ledgerEvent.Body ?? default;
        var json = Json(bytes);
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
            json,
            json is null ? bytes.ToArray() : null);
    }

    private static JsonElement? Json(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            // A string with half a surrogate pair can be read and not be written again: found out here, not in the answer.
            document.RootElement.WriteTo(new Utf8JsonWriter(Stream.Null));
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
