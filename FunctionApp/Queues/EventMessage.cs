using System.Text.Json;
using PointWebhooks.Ledger;

namespace PointWebhooks.Queues;

/// <summary>
/// What stands in a queue message: the event itself when it fits, else only the key under which the ledger has it (claim check).
/// </summary>
/// <param name="Type">The event's type.</param>
/// <param name="IdempotencyKey">The event's key.</param>
/// <param name="ReceivedAt">When it was received, in UTC.</param>
/// <param name="Body">The body as received, or null when it is to be read from the ledger.</param>
/// <param name="TraceParent">The W3C trace context of the request that brought the event, or null.</param>
public sealed record EventMessage(
    string Type, string IdempotencyKey, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte>? Body, string? TraceParent)
{
    /// <summary>The largest message in bytes: a queue takes 64 KiB, and base64 makes four bytes of three.</summary>
    public const int MaxSize = 48 * 1024;

    /// <summary>The message of an event that the ledger has: a reference to it.</summary>
    public static EventMessage Of(LedgerEvent ledgerEvent) =>
        new(ledgerEvent.Type, ledgerEvent.IdempotencyKey, ledgerEvent.ReceivedAt, null, ledgerEvent.TraceParent);

    /// <summary>The message as JSON, without the body when it would not fit.</summary>
    public BinaryData ToBinaryData()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, QueuesJsonContext.Default.EventMessage);
        return new BinaryData(
            json.Length <= MaxSize
                ? json
                : JsonSerializer.SerializeToUtf8Bytes(this with { Body = null }, QueuesJsonContext.Default.EventMessage));
    }

    /// <summary>Reads a message.</summary>
    /// <exception cref="FormatException">It is not one of this app's messages.</exception>
    public static EventMessage Parse(BinaryData message)
    {
        try
        {
            if (message.ToMemory() is var json && JsonSerializer.Deserialize(json.Span, QueuesJsonContext.Default.EventMessage)
                is { Type: not null, IdempotencyKey: not null } parsed)
            {
                return parsed;
            }
        }
        catch (JsonException)
        {
            // The exception could quote the message.
        }

        throw new FormatException("The queue message is not one of this app's: it has no type or no idempotencyKey.");
    }
}
