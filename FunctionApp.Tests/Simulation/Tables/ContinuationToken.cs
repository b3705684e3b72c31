using System.Text;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>Where a query goes on: the key of the next entity, encoded as the service does it, so that nobody reads it as a key.</summary>
internal static class ContinuationToken
{
    public static IReadOnlyList<(string Name, string Value)> Write(EntityKey next) =>
        [("x-ms-continuation-NextPartitionKey", Encode(next.Partition)), ("x-ms-continuation-NextRowKey", Encode(next.Row))];

    /// <summary>Reads the parameters that the client sends back, or returns null when there are none.</summary>
    public static EntityKey? Read(IReadOnlyDictionary<string, string> query) =>
        query.TryGetValue("NextPartitionKey", out var partition)
            ? new EntityKey(Decode(partition), Decode(query.GetValueOrDefault("NextRowKey") ?? ""))
            : null;

    private static string Encode(string key) => $"1!{key.Length}!{Convert.ToBase64String(Encoding.UTF8.GetBytes(key))}";

    private static string Decode(string token) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(token[(token.LastIndexOf('!') + 1)..]));
}
