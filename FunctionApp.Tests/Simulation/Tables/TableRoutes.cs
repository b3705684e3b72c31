using System.Text;
using System.Text.RegularExpressions;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>The urls of the table service.</summary>
internal static partial class TableRoutes
{
    /// <summary>Tells what a request asks for, and of which table.</summary>
    public static (StorageOperation Operation, string Table) Match(string method, string path, ReadOnlyMemory<byte> body)
    {
        if (path == "/$batch")
            return (StorageOperation.Transaction, FirstTable().Match(Encoding.UTF8.GetString(body.Span)).Groups["table"].Value);
        if (path == "/Tables" && method == "POST")
            return (StorageOperation.CreateTable, EntityJson.ReadTableName(body));
        if (Table().Match(path) is { Success: true } table && method == "DELETE")
            return (StorageOperation.DeleteTable, table.Groups["table"].Value);

        var entity = Entity().Match(path);
        return entity.Success
            ? (Operation(method, entity.Groups["key"].Value), entity.Groups["table"].Value)
            : throw NotKnown(method, path);
    }

    /// <summary>The key in the path of an entity.</summary>
    public static EntityKey Key(string path)
    {
        var entity = Entity().Match(path);
        return new EntityKey(Unquoted(entity.Groups["partition"].Value), Unquoted(entity.Groups["row"].Value));
    }

    private static StorageOperation Operation(string method, string key) => (method, key) switch
    {
        ("GET", "" or "()") => StorageOperation.QueryEntities,
        ("POST", "") => StorageOperation.InsertEntity,
        ("GET", _) => StorageOperation.GetEntity,
        ("PATCH" or "MERGE", not "") => StorageOperation.MergeEntity,
        ("PUT", not "") => StorageOperation.ReplaceEntity,
        ("DELETE", not "") => StorageOperation.DeleteEntity,
        _ => throw NotKnown(method, key),
    };

    private static string Unquoted(string text) => text.Replace("''", "'", StringComparison.Ordinal);

    private static NotSupportedException NotKnown(string method, string path) => new($"The simulation does not know {method} {path}.");

    [GeneratedRegex(@"^/(?<table>[A-Za-z0-9]+)(?<key>\(\)|\(PartitionKey='(?<partition>([^']|'')*)',RowKey='(?<row>([^']|'')*)'\))?$")]
    private static partial Regex Entity();

    [GeneratedRegex(@"^/Tables\('(?<table>[A-Za-z0-9]+)'\)$")]
    private static partial Regex Table();

    [GeneratedRegex(@"\n(POST|PATCH|MERGE|PUT|DELETE) https?://[^/]+/(?<table>[A-Za-z0-9]+)")]
    private static partial Regex FirstTable();
}
