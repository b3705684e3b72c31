using System.Text.Json;
using System.Text.Json.Serialization;

namespace PointWebhooks.Events;

/// <summary>
/// Reads any JSON value as text: a string as itself, null as null, anything else as its JSON. The vendor documents names of
/// properties, not their types, so a number where text is usual must not make an event unreadable.
/// </summary>
public sealed class LenientText : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    internal static string? Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Null:
                return null;
            default:
                using (var value = JsonDocument.ParseValue(ref reader))
                    return value.RootElement.GetRawText();
        }
    }
}
