using System.Collections.Concurrent;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Calls;

/// <summary>The calls that reached the transport, whatever became of them.</summary>
internal sealed class CallLog
{
    private readonly ConcurrentDictionary<(StorageOperation Operation, string Resource), int> counts = [];

    /// <summary>How many calls there were.</summary>
    public int Total => counts.Values.Sum();

    public void Add(StorageCall call) => counts.AddOrUpdate((call.Operation, call.Resource), 1, (_, count) => count + 1);

    /// <summary>How many calls there were of one operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="resource">The table or queue, or null for all.</param>
    public int Of(StorageOperation operation, string? resource = null) =>
        counts.Where(count => count.Key.Operation == operation && (resource is null || count.Key.Resource == resource))
            .Sum(count => count.Value);

    /// <summary>Starts to count anew.</summary>
    public void Clear() => counts.Clear();

    /// <summary>The counts by operation, for the message of a test that fails.</summary>
    public override string ToString() => string.Join(
        ", ",
        counts.GroupBy(count => count.Key.Operation).OrderBy(group => group.Key)
            .Select(group => $"{group.Sum(count => count.Value)} {group.Key}"));
}
