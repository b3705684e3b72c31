using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json;

namespace PointWebhooks.Events;

/// <summary>
/// The properties of a JSON object, from which the known ones are taken by name; what remains was added by the vendor. Names may differ in
/// case or have blanks around them. Nothing is made of a property that nobody takes.
/// </summary>
internal sealed class JsonProperties
{
    private readonly List<Property> properties = [];

    private JsonProperties()
    {
    }

    /// <summary>What was not taken. Of several properties of one name the last counts.</summary>
    public IReadOnlyDictionary<string, JsonElement> Remaining
    {
        get
        {
            if (properties.Count == 0)
                return ReadOnlyDictionary<string, JsonElement>.Empty;
            var remaining = new Dictionary<string, JsonElement>();
            foreach (var property in properties)
                remaining[LenientJson.Unescaped(property.EscapedName.Span)] = LenientJson.Element(property.Json);
            return remaining;
        }
    }

    /// <summary>Reads the properties of an object; none of what is no object or not JSON to its end.</summary>
    public static JsonProperties Of(ReadOnlyMemory<byte> json)
    {
        var read = new JsonProperties();
        var reader = new Utf8JsonReader(json.Span, LenientJson.AnyDepth);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return read;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                read.properties.Add(new Property(name, json[start..(int)reader.BytesConsumed]));
            }

            // Throws if there is more than the object.
            reader.Read();
            return read;
        }
        catch (JsonException)
        {
            return new JsonProperties();
        }
    }

    /// <summary>
    /// Takes the value that is most likely meant by a name, each value once: of the properties of that very name the last first, as readers
    /// of JSON do; then of those whose names differ in case or have blanks around them, in their order.
    /// </summary>
    /// <param name="name">The name, in ASCII.</param>
    /// <param name="value">The JSON of the value.</param>
    public bool TryTake(ReadOnlySpan<byte> name, out ReadOnlyMemory<byte> value)
    {
        var found = -1;
        for (var i = properties.Count - 1; i >= 0; i--)
        {
            if (properties[i].IsNamed(name, out var isExact))
                found = i;
            if (isExact)
                break;
        }

        value = found < 0 ? default : properties[found].Json;
        if (found >= 0)
            properties.RemoveAt(found);
        return found >= 0;
    }

    /// <summary>
    /// Takes a property as text: a string as itself, null as null, anything else as its JSON. The vendor documents names of
    /// properties, not their types.
    /// </summary>
    public string? TakeText(ReadOnlySpan<byte> name)
    {
        while (TryTake(name, out var value))
        {
            if (value.Span[0] != 'n')
                return LenientJson.Text(value) ?? LenientJson.Repair(Encoding.UTF8.GetString(value.Span));
        }

        return null;
    }

    /// <param name="EscapedName">The name as it is written, without its quotes.</param>
    /// <param name="Json">The JSON of the value.</param>
    private readonly record struct Property(ReadOnlyMemory<byte> EscapedName, ReadOnlyMemory<byte> Json)
    {
        public bool IsNamed(ReadOnlySpan<byte> name, out bool isExact)
        {
            var written = EscapedName.Span;
            isExact = written.SequenceEqual(name);
            if (isExact)
                return true;
            if (!written.Contains((byte)'\\') && Ascii.IsValid(written))
                return Ascii.EqualsIgnoreCase(written.Trim((byte)' '), name);

            var text = LenientJson.Unescaped(written);
            isExact = Ascii.Equals(text, name);
            return isExact || text.AsSpan().Trim().Equals(Encoding.ASCII.GetString(name), StringComparison.OrdinalIgnoreCase);
        }
    }
}
