namespace PointWebhooks.Events;

/// <summary>
/// The envelope of a webhook's body: <c>{"type", "content", "meta": {"timeStamp", "idempotencyKey"}}</c>. Nothing in it is
/// required: whatever was signed is worth keeping, so a body that is not JSON has an envelope too. Each part is read on its own:
/// one that is malformed does not affect the others. Names may differ in case or have blanks around them; of several, the exact one counts,
/// and where it says nothing, the next.
/// </summary>
/// <param name="Type">The event's type, or <see cref="EventTypes.Unreadable"/>.</param>
/// <param name="IdempotencyKey">The vendor's key, or one made of the body's hash.</param>
/// <param name="TimeStamp">When the event was created, if it says so.</param>
public sealed record EventEnvelope(string Type, string IdempotencyKey, PointTimestamp? TimeStamp)
{
    /// <summary>
    /// The JSON of the content, with whatever is broken in it, also when it came as a text that holds serialized JSON; null when
    /// there is none.
    /// </summary>
    internal ReadOnlyMemory<byte>? Content { get; private init; }

    /// <summary>Reads an envelope; never fails.</summary>
    public static EventEnvelope Parse(ReadOnlyMemory<byte> body)
    {
        var root = JsonProperties.Of(LenientJson.Utf8(body));
        var metas = new List<JsonProperties>(1);
        foreach (var meta in root.Take("meta"u8))
            metas.Add(JsonProperties.Of(meta));
        var type = TypeOf(root);
        return new EventEnvelope(
            type is null || type.Length > EventTypes.MaxLength ? EventTypes.Unreadable : EventTypes.Canonical(type),
            KeyOf(metas) ?? IdempotencyKeys.OfBytes(body.Span),
            TimeOf(metas))
        {
            Content = ContentOf(root),
        };
    }

    private static string? TypeOf(JsonProperties root)
    {
        foreach (var type in root.Take("type"u8))
        {
            if (LenientJson.Text(type) is { } text && !string.IsNullOrWhiteSpace(text))
                return text;
        }

        return null;
    }

    private static string? KeyOf(List<JsonProperties> metas)
    {
        foreach (var meta in metas)
        {
            foreach (var key in meta.Take("idempotencyKey"u8))
            {
                // Two keys that are broken in different places would look the same once repaired, and the second event be lost as a
                // duplicate of the first: such a key is known by the hash of what was sent.
                if (LenientJson.Text(key) is { } text && !string.IsNullOrWhiteSpace(text))
                {
                    return text.Contains(LenientJson.Replacement)
                        ? IdempotencyKeys.OfBytes(key.Span)
                        : IdempotencyKeys.Normalize(text);
                }
            }
        }

        return null;
    }

    private static PointTimestamp? TimeOf(List<JsonProperties> metas)
    {
        foreach (var meta in metas)
        {
            foreach (var time in meta.Take("timeStamp"u8))
            {
                if (LenientJson.Text(time) is { } text)
                    return PointTimestamp.Parse(text);
            }
        }

        return null;
    }

    private static ReadOnlyMemory<byte>? ContentOf(JsonProperties root)
    {
        foreach (var content in root.Take("content"u8))
        {
            if (LenientJson.Deserialized(content) is { } json)
                return json;
        }

        return null;
    }
}
