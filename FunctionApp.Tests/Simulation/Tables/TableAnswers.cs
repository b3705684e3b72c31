using System.Text;
using System.Text.Json;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>What the table service answers.</summary>
internal static class TableAnswers
{
    private const string Json = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8";

    /// <summary>A write that was done.</summary>
    /// <param name="entity">The entity as it is now, or null when it is deleted.</param>
    public static StorageAnswer Written(SimulatedEntity? entity) =>
        entity is null ? StorageAnswer.Empty(204) : StorageAnswer.Empty(204, ("ETag", entity.ETag));

    /// <summary>One entity.</summary>
    public static StorageAnswer Entity(SimulatedEntity entity, IReadOnlyCollection<string>? selected) => StorageAnswer.Of(
        Json,
        Write(json =>
        {
            json.WriteString("odata.metadata", "https://simulated.table.invalid/$metadata#table/@Element");
            EntityJson.Write(json, entity, selected);
        }),
        headers: ("ETag", entity.ETag));

    /// <summary>A page of entities.</summary>
    /// <param name="entities">The entities.</param>
    /// <param name="selected">The properties that were asked for, or null for all.</param>
    /// <param name="next">Where the next page begins, or null when this is the last.</param>
    public static StorageAnswer Page(
        IReadOnlyList<SimulatedEntity> entities, IReadOnlyCollection<string>? selected, EntityKey? next) => StorageAnswer.Of(
        Json,
        Write(json =>
        {
            json.WriteString("odata.metadata", "https://simulated.table.invalid/$metadata#table");
            json.WriteStartArray("value");
            foreach (var entity in entities)
            {
                json.WriteStartObject();
                EntityJson.Write(json, entity, selected);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }),
        headers: next is { } key ? ContinuationToken.Write(key) : []);

    /// <summary>A refusal.</summary>
    public static StorageAnswer Error(StorageException reason) => StorageAnswer.Of(
        Json,
        Write(json =>
        {
            json.WriteStartObject("odata.error");
            json.WriteString("code", reason.Code);
            json.WriteStartObject("message");
            json.WriteString("lang", "en-US");
            json.WriteString("value", $"{reason.Message}\nRequestId:simulated\nTime:simulated");
            json.WriteEndObject();
            json.WriteEndObject();
        }),
        reason.Status,
        ("x-ms-error-code", reason.Code));

    /// <summary>The answers to the operations of a transaction, or the one refusal that all of it met.</summary>
    public static StorageAnswer Transaction(IReadOnlyList<StorageAnswer> parts)
    {
        var text = new StringBuilder("--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n");
        foreach (var part in parts)
        {
            text.Append("--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            text.Append(null, $"HTTP/1.1 {part.Status} Simulated\r\n");
            foreach (var (name, value) in part.Headers)
                text.Append(null, $"{name}: {value}\r\n");
            text.Append("\r\n").Append(Encoding.UTF8.GetString(part.Body)).Append("\r\n");
        }

        text.Append("--changesetresponse_1--\r\n--batchresponse_1--\r\n");
        return StorageAnswer.Of("multipart/mixed; boundary=batchresponse_1", Encoding.UTF8.GetBytes(text.ToString()), 202);
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
