using System.Text.Json;

namespace PointWebhooks.Events;

/// <summary>
/// The envelope of a webhook's body: <c>{"type", "content", "meta": {"timeStamp", "idempotencyKey"}}</c>. Nothing in it is
/// required: whatever was signed is worth keeping, so a body that is not JSON has an envelope too.
/// </summary>
/// <param name="Type">The event's type, or <see cref="EventTypes.Unreadable"/>.</param>
/// <param name="IdempotencyKey">The vendor's key, or one made of the body's hash.</param>
/// <param name="TimeStamp">When the event was made, if it says so.</param>
/// <param name="Content">The content, also when it came as a text that holds serialized JSON; null when there is none.</param>
public sealed record EventEnvelope(string Type, string IdempotencyKey, PointTimestamp? TimeStamp, JsonElement? Content)
{
    private static ReadOnlySpan<byte> Utf8ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads an envelope; never fails.</summary>
    public static EventEnvelope Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutByteOrderMark(body));
            return Parse(document.RootElement, body.Span);
        }
        // InvalidOperationException: a string that is not valid UTF-8 or UTF-16, found only when it is read.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new EventEnvelope(EventTypes.Unreadable, IdempotencyKeys.OfBytes(body.Span), null, null);
        }
    }

    private static EventEnvelope Parse(JsonElement root, ReadOnlySpan<byte> body)
    {
        var meta = Property(root, "meta");
        var type = Text(Property(root, "type"));
        var key = Text(Property(meta, "idempotencyKey"));
        return new EventEnvelope(
            string.IsNullOrWhiteSpace(type) || type.Length > EventTypes.MaxLength ? EventTypes.Unreadable : EventTypes.Canonical(type),
            string.IsNullOrWhiteSpace(key) ? IdempotencyKeys.OfBytes(body) : IdempotencyKeys.Normalize(key),
            Text(Property(meta, "timeStamp")) is { } time ? PointTimestamp.Parse(time) : null,
            Unwrapped(Property(root, "content")));
    }

    private static JsonElement? Property(JsonElement? parent, string name)
    {
        if (parent is not { ValueKind: JsonValueKind.Object } container)
            return null;
        if (container.TryGetProperty(name, out var exact))
            return exact;

        foreach (var property in container.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return property.Value;
        }

        return null;
    }

    private static string? Text(JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static JsonElement? Unwrapped(JsonElement? content)
    {
        if (content is { ValueKind: JsonValueKind.String } text)
        {
            try
            {
                using var serialized = JsonDocument.Parse(text.GetString()!);
                if (serialized.RootElement.ValueKind == JsonValueKind.Object)
                    return serialized.RootElement.Clone();
            }
            catch (JsonException)
            {
                // A text that is just a text.
            }
        }

        return content?.Clone();
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith(Utf8ByteOrderMark) ? body[Utf8ByteOrderMark.Length..] : body;
}
