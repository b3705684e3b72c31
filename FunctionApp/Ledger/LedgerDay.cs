using Azure.Data.Tables;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>What happened in one hour.</summary>
/// <param name="From">Its beginning, in UTC; it ends an hour later.</param>
/// <param name="Received">How many events that are still known were received.</param>
/// <param name="Completed">How many were completed.</param>
/// <param name="Dead">How many died and are still dead.</param>
internal sealed record HourCounts(DateTimeOffset From, int Received, int Completed, int Dead);

/// <summary>What happened in the last day.</summary>
/// <param name="Hours">Its 24 hours, the earliest first; the last one is not over.</param>
/// <param name="ExactSince">From when on the figures are exact: before it they are "at least". Null where all are.</param>
internal sealed record DayCounts(IReadOnlyList<HourCounts> Hours, DateTimeOffset? ExactSince);

/// <summary>
/// Counts what happened in the last 24 hours by the index rows alone: nothing is written for it, and it costs two ranges of each partition.
/// An event that was received then is open, or was finished since.
/// </summary>
internal sealed class LedgerDay(PointTable table, TimeProvider time)
{
    private const int HoursShown = 24;

    // What one call brings: some 16,000 events of each group.
    private const int MostRows = 1000;

    private static readonly string[] Columns = ["RowKey", nameof(LedgerEvent.ReceivedAt)];
    private static readonly TimeSpan ReadBudget = TimeSpan.FromSeconds(10);

    /// <param name="open">The index rows of open events, as the status has read them.</param>
    public async Task<DayCounts> ReadAsync(IReadOnlyList<TableEntity> open, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var first = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero).AddHours(1 - HoursShown);
        var ranges = await Task.WhenAll(
            from @group in new[] { EventIndex.Done, EventIndex.Dead }
            from partition in EventId.Partitions
            select ReadAsync(@group, partition, first, cancellationToken));

        var (received, completed, dead) = (new int[HoursShown], new int[HoursShown], new int[HoursShown]);
        Count(received, open.Select(EventIndex.ReceivedAtOf), first);
        foreach (var (group, rows) in ranges)
        {
            Count(received, rows.Select(EventIndex.ReceivedAtOf), first);
            Count(group == EventIndex.Dead ? dead : completed, rows.Select(row => EventIndex.FinishedAtOf(row.RowKey)), first);
        }

        // Latest first: a range that was cut is exact from its last row on. Open events are in another order: of those that were cut any hour
        // may miss some.
        var exactSince = open.CountBy(row => row.PartitionKey).Any(of => of.Value >= MostRows)
            ? now
            : ranges.Where(range => range.Rows.Count == MostRows).Max(range => EventIndex.FinishedAtOf(range.Rows[^1].RowKey));
        return new DayCounts(
            [.. Enumerable.Range(0, HoursShown).Select(i => new HourCounts(first.AddHours(i), received[i], completed[i], dead[i]))],
            exactSince);
    }

    private async Task<(string Group, IReadOnlyList<TableEntity> Rows)> ReadAsync(
        string group, string partition, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var range = EventIndex.Finished(group, null, since);
        return (group, await table.RangeAsync(partition, range.From, range.Until, MostRows, Columns, ReadBudget, cancellationToken));
    }

    private static void Count(int[] hours, IEnumerable<DateTimeOffset?> times, DateTimeOffset first)
    {
        foreach (var at in times)
        {
            if (at >= first && (int)(at.Value - first).TotalHours is var hour && hour < hours.Length)
                hours[hour]++;
        }
    }
}
