using System.Globalization;
using System.Text.Json;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>Entities as JSON with the types of OData 3 (<c>odata=minimalmetadata</c>).</summary>
internal static class EntityJson
{
    private const string TypeSuffix = "@odata.type";

    public static string ReadTableName(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("TableName").GetString()!;
    }

    /// <summary>Reads an entity's own properties, and its keys where they are given. A null is as good as none.</summary>
    public static (string? Partition, string? Row, Dictionary<string, object> Properties) Read(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var entity = json.RootElement;
        var properties = new Dictionary<string, object>();
        foreach (var property in entity.EnumerateObject())
        {
            if (property.Name is "PartitionKey" or "RowKey" or "Timestamp" || property.Name.Contains("odata.", StringComparison.Ordinal))
                continue;
            var type = entity.TryGetProperty(property.Name + TypeSuffix, out var annotation) ? annotation.GetString() : null;
            if (property.Value.ValueKind != JsonValueKind.Null)
                properties[property.Name] = Read(property.Value, type);
        }

        return (Key(entity, "PartitionKey"), Key(entity, "RowKey"), properties);
    }

    /// <summary>Writes an entity, or the properties of it that are selected.</summary>
    public static void Write(Utf8JsonWriter json, SimulatedEntity entity, IReadOnlyCollection<string>? selected)
    {
        json.WriteString("odata.etag", entity.ETag);
        foreach (var key in new[] { "PartitionKey", "RowKey" }.Where(IsSelected))
            json.WriteString(key, (string)entity.Value(key)!);
        if (IsSelected("Timestamp"))
            json.WriteString("Timestamp", SimulatedEntity.Text(entity.Timestamp));
        foreach (var (name, value) in entity.Properties.Where(property => IsSelected(property.Key)))
            Write(json, name, value);

        bool IsSelected(string name) => selected?.Contains(name) ?? true;
    }

    private static string? Key(JsonElement entity, string name) => entity.TryGetProperty(name, out var key) ? key.GetString() : null;

    private static object Read(JsonElement value, string? type) => type switch
    {
        "Edm.DateTime" => DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        "Edm.Binary" => value.GetBytesFromBase64(),
        "Edm.Guid" => value.GetGuid(),
        "Edm.Int64" => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        "Edm.Double" => value.GetDouble(),
        "Edm.Int32" => value.GetInt32(),
        null or "Edm.String" or "Edm.Boolean" => Untyped(value),
        _ => throw TableErrors.InvalidInput($"Unknown type {type}."),
    };

    private static object Untyped(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.Number when value.TryGetInt32(out var number) => number,
        JsonValueKind.Number => value.GetDouble(),
        _ => throw TableErrors.InvalidInput("A property is neither text, number nor truth value."),
    };

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case double number:
                // With a fraction, which is what tells it from an Int32: the client reads no annotation here.
                json.WritePropertyName(name);
                json.WriteRawValue(number.ToString(number % 1 == 0 ? "F1" : "R", CultureInfo.InvariantCulture));
                break;
            case long number:
                WriteTyped(json, name, "Edm.Int64", number.ToString(CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                WriteTyped(json, name, "Edm.DateTime", SimulatedEntity.Text(time));
                break;
            case Guid id:
                WriteTyped(json, name, "Edm.Guid", id.ToString());
                break;
            case byte[] bytes:
                WriteTyped(json, name, "Edm.Binary", Convert.ToBase64String(bytes));
                break;
            default:
                throw new InvalidOperationException($"{value.GetType()} is no type of a property.");
        }
    }

    private static void WriteTyped(Utf8JsonWriter json, string name, string type, string text)
    {
        json.WriteString(name + TypeSuffix, type);
        json.WriteString(name, text);
    }
}
