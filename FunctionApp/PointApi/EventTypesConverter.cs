using System.Text.Json;
using System.Text.Json.Serialization;

namespace PointWebhooks.PointApi;

/// <summary>Reads event types as the documented list of texts, and also as one text; writes the list.</summary>
internal sealed class EventTypesConverter : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return [reader.GetString()!];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException();

        var types = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            types.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException());
        return types;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var type in value)
            writer.WriteStringValue(type);
        writer.WriteEndArray();
    }
}
