using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;

namespace PointWebhooks.LedgerBackup;

/// <summary>
/// A row of the table as a line of JSON: its keys, and its columns by name. Texts, truth values and 32-bit numbers stand as they are;
/// every other value is an object that names its type: <c>{"time":…}</c>, <c>{"bytes":…}</c> in base64, <c>{"long":…}</c>,
/// <c>{"double":…}</c>, <c>{"guid":…}</c>. Time stamp and version are the service's own and are left out.
/// </summary>
internal static class RowFormat
{
    private const string PartitionKey = "partition";
    private const string RowKey = "row";
    private const string Columns = "columns";

    private static readonly string[] OfTheService = ["odata.etag", "Timestamp", "PartitionKey", "RowKey"];

    /// <summary>Writes a row.</summary>
    public static string Write(TableEntity row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(PartitionKey, row.PartitionKey);
            json.WriteString(RowKey, row.RowKey);
            json.WriteStartObject(Columns);
            foreach (var (name, value) in row.Where(column => !OfTheService.Contains(column.Key) && column.Value is not null))
                Write(json, name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Reads a row.</summary>
    /// <exception cref="FormatException">The line is none that <see cref="Write(TableEntity)"/> has written.</exception>
    public static TableEntity Read(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var row = new TableEntity(Text(json.RootElement.GetProperty(PartitionKey)), Text(json.RootElement.GetProperty(RowKey)));
            foreach (var column in json.RootElement.GetProperty(Columns).EnumerateObject())
                row[column.Name] = Value(column.Value);
            return row;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("It is no row of a ledger.", e);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text: json.WriteString(name, text); break;
            case bool truth: json.WriteBoolean(name, truth); break;
            case int number: json.WriteNumber(name, number); break;
            case long number: WriteTyped(json, name, "long", number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: WriteTyped(json, name, "double", number.ToString("R", CultureInfo.InvariantCulture)); break;
            case DateTimeOffset time: WriteTyped(json, name, "time", time.ToString("O", CultureInfo.InvariantCulture)); break;
            case Guid guid: WriteTyped(json, name, "guid", guid.ToString()); break;
            case byte[] bytes: WriteTyped(json, name, "bytes", Convert.ToBase64String(bytes)); break;
            case BinaryData bytes: WriteTyped(json, name, "bytes", Convert.ToBase64String(bytes)); break;
            default: throw new FormatException($"Column {name} has the type {value.GetType().Name}, which cannot be exported.");
        }
    }

    private static void WriteTyped(Utf8JsonWriter json, string name, string type, string value)
    {
        json.WriteStartObject(name);
        json.WriteString(type, value);
        json.WriteEndObject();
    }

    private static object Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text(value),
        JsonValueKind.Number => value.GetInt32(),
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        _ => Typed(value.EnumerateObject().Single()),
    };

    private static object Typed(JsonProperty typed) => typed.Name switch
    {
        "long" => long.Parse(Text(typed.Value), CultureInfo.InvariantCulture),
        "double" => double.Parse(Text(typed.Value), CultureInfo.InvariantCulture),
        "time" => DateTimeOffset.ParseExact(Text(typed.Value), "O", CultureInfo.InvariantCulture),
        "guid" => Guid.Parse(Text(typed.Value)),
        "bytes" => Convert.FromBase64String(Text(typed.Value)),
        _ => throw new FormatException($"A column has the unknown type {typed.Name}."),
    };

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("A text is null.");
}
