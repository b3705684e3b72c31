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

    // White space of ASCII, as String.Trim has it.
    private static ReadOnlySpan<byte> Blanks => " \t\n\v\f\r"u8;

    private JsonProperties()
    {
    }

    /// <summary>What was not taken. Of several properties of one name the last counts.</summary>
    public IReadOnlyDictionary<string, JsonElement> Remaining
    {
        get
        {
            Dictionary<string, JsonElement>? remaining = null;
            foreach (var property in properties)
            {
                if (!property.Json.IsEmpty)
                    (remaining ??= [])[Encoding.UTF8.GetString(property.Name.Span)] = LenientJson.Element(property.Json);
            }

            return remaining ?? (IReadOnlyDictionary<string, JsonElement>)ReadOnlyDictionary<string, JsonElement>.Empty;
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
                if (name.Span.Contains((byte)'\\'))
                    name = Encoding.UTF8.GetBytes(LenientJson.Unescaped(name.Span));
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
    /// Takes the values that may be meant by a name, the most likely first and each when it is asked for: of the properties of that very name
    /// the last first, as readers of JSON do; then those whose names differ in case or have blanks around them, in their order. All of them
    /// together take a time that grows with the number of properties.
    /// </summary>
    /// <param name="name">The name, in ASCII.</param>
    public Meant Take(ReadOnlySpan<byte> name) => new(properties, name);

    /// <summary>
    /// Takes a property as text: a string as itself, null as null, anything else as its JSON. The vendor documents names of
    /// properties, not their types.
    /// </summary>
    public string? TakeText(ReadOnlySpan<byte> name)
    {
        foreach (var value in Take(name))
        {
            if (value.Span[0] != 'n')
                return LenientJson.Text(value) ?? LenientJson.Repair(Encoding.UTF8.GetString(value.Span));
        }

        return null;
    }

    /// <summary>The values that may be meant by a name, as JSON.</summary>
    internal ref struct Meant
    {
        private readonly List<Property> properties;
        private readonly ReadOnlySpan<byte> name;
        private bool isExact = true;
        private int at;

        public Meant(List<Property> properties, ReadOnlySpan<byte> name)
        {
            this.properties = properties;
            this.name = name;
            at = properties.Count;
        }

        /// <summary>The JSON of a value.</summary>
        public ReadOnlyMemory<byte> Current { get; private set; }

        public readonly Meant GetEnumerator() => this;

        public bool MoveNext()
        {
            while (isExact && --at >= 0)
            {
                if (properties[at].Name.Span.SequenceEqual(name))
                    return Take();
            }

            isExact = false;
            while (++at < properties.Count)
            {
                if (properties[at].IsLike(name))
                    return Take();
            }

            return false;
        }

        private bool Take()
        {
            Current = properties[at].Json;
            properties[at] = default;
            return true;
        }
    }

    /// <summary>A property; one that was taken has neither name nor value.</summary>
    /// <param name="Name">The name in UTF-8, without quotes and escapes.</param>
    /// <param name="Json">The JSON of the value.</param>
    internal readonly record struct Property(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Json)
    {
        public bool IsLike(ReadOnlySpan<byte> name) => Ascii.IsValid(Name.Span)
            ? Ascii.EqualsIgnoreCase(Name.Span.Trim(Blanks), name)
            : Encoding.UTF8.GetString(Name.Span).AsSpan().Trim().Equals(Encoding.ASCII.GetString(name), StringComparison.OrdinalIgnoreCase);
    }
}
