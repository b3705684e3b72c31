using System.Collections.Concurrent;

namespace PointWebhooks.Storage;

/// <summary>Which rows an instance has reported as unreadable. Each is reported once, and no more than 1,000: more would tell nothing new.</summary>
internal sealed class ReportedRows
{
    private const int Most = 1000;

    private readonly ConcurrentDictionary<RowAddress, bool> reported = [];

    /// <summary>Whether a row is to be reported now.</summary>
    public bool Add(RowAddress row) => reported.Count < Most && reported.TryAdd(row, true);
}
