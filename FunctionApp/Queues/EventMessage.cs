using System.Text.Json;
using System.Text.Json.Serialization;
using PointWebhooks.Ledger;

namespace PointWebhooks.Queues;

/// <summary>
/// What stands in a queue message: the event itself as it was inserted, when it fits, so that its claim needs no read; else only its
/// type and key (claim check).
/// </summary>
/// <param name="TraceParent">The W3C trace context of the request that brought the event, or null.</param>
/// <param name="Inserted">The event as it was inserted, or null when it is to be read from the ledger.</param>
internal sealed partial record EventMessage(
    string Type, string IdempotencyKey, string? TraceParent, EventMessage.InsertedEvent? Inserted = null)
{
    /// <summary>The largest message in bytes: a queue takes 64 KiB, and base64 makes four bytes of three.</summary>
    public const int MaxSize = 48 * 1024;

    [JsonIgnore]
    public EventId Id => EventId.Of(Type, IdempotencyKey);

    /// <summary>The message of an event that the ledger has: a reference to it.</summary>
    public static EventMessage Of(LedgerEvent ledgerEvent) =>
        new(ledgerEvent.Type, ledgerEvent.IdempotencyKey, ledgerEvent.TraceParent);

    /// <summary>The message of an event that was inserted a moment ago, with its body and the version of its row.</summary>
    public static EventMessage OfInserted(LedgerEvent inserted, ReadOnlyMemory<byte> body) => Of(inserted) with
    {
        Inserted = new InsertedEvent(
            inserted.ReceivedAt, inserted.History[0].At, inserted.ETag.ToString(), inserted.WorkspaceName, inserted.WorkspaceKind, body),
    };

    /// <summary>The event as it was inserted, or null when the message is a reference.</summary>
    public LedgerEvent? ToInserted() => Inserted is not { } inserted
        ? null
        : EventLedger.New(Type, IdempotencyKey, inserted.ReceivedAt, inserted.KeptAt) with
        {
            WorkspaceName = inserted.WorkspaceName,
            WorkspaceKind = inserted.WorkspaceKind,
            TraceParent = TraceParent,
            Body = inserted.Body,
            ETag = new Azure.ETag(inserted.ETag),
        };

    /// <summary>The message as JSON, a reference when the event would not fit.</summary>
    public BinaryData ToBinaryData()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, MessageJson.Default.EventMessage);
        return new BinaryData(
            json.Length <= MaxSize
                ? json
                : JsonSerializer.SerializeToUtf8Bytes(this with { Inserted = null }, MessageJson.Default.EventMessage));
    }

    /// <exception cref="FormatException">It is not one of this app's messages.</exception>
    public static EventMessage Parse(BinaryData message)
    {
        try
        {
            if (JsonSerializer.Deserialize(message.ToMemory().Span, MessageJson.Default.EventMessage)
                is { Type: not null, IdempotencyKey: not null } parsed)
            {
                return parsed;
            }
        }
        catch (JsonException)
        {
            // Not passed on: it could quote the message.
        }

        throw new FormatException("The queue message is not one of this app's: it has no type or no idempotencyKey.");
    }

    /// <param name="ReceivedAt">When it was received, in UTC.</param>
    /// <param name="KeptAt">When it was inserted, in UTC.</param>
    internal sealed record InsertedEvent(
        DateTimeOffset ReceivedAt,
        DateTimeOffset KeptAt,
        string ETag,
        string? WorkspaceName,
        string? WorkspaceKind,
        ReadOnlyMemory<byte> Body);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(EventMessage))]
    private sealed partial class MessageJson : JsonSerializerContext;
}
