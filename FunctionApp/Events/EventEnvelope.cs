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
        var root = LenientJson.Properties(LenientJson.Utf8(body));
        var metas = Values(root, "meta").Select(LenientJson.Properties).ToList();
        var type = Values(root, "type").Select(LenientJson.Text).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
        var time = metas.SelectMany(meta => Values(meta, "timeStamp")).Select(LenientJson.Text).FirstOrDefault(text => text is not null);
        return new EventEnvelope(
            type is null || type.Length > EventTypes.MaxLength ? EventTypes.Unreadable : EventTypes.Canonical(type),
            Key(metas.SelectMany(meta => Values(meta, "idempotencyKey"))) ?? IdempotencyKeys.OfBytes(body.Span),
            time is null ? null : PointTimestamp.Parse(time))
        {
            Content = Values(root, "content").Select(LenientJson.Deserialized).FirstOrDefault(content => content is not null),
        };
    }

    private static string? Key(IEnumerable<ReadOnlyMemory<byte>> keys)
    {
        foreach (var key in keys)
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

        return null;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Values(List<NamedJson> properties, string name) =>
        LenientJson.Named(properties, name).Select(property => property.Json);
}
