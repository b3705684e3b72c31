using Azure;
using Azure.Data.Tables;

namespace PointWebhooks.Ledger;

/// <summary>Removes finished events. Only a range of the index is read, so that what stays costs nothing.</summary>
public sealed class LedgerPurge(LedgerTable table)
{
    // A transaction takes a hundred rows, and an event has two.
    private const int BatchSize = 50;

    /// <summary>Removes the completed and dead events that finished before a time.</summary>
    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveFinishedAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var partition in LedgerKey.Partitions)
        {
            foreach (var prefix in new[] { IndexKey.Done, IndexKey.Dead })
                removed += await RemoveAsync(partition, IndexKey.FinishedBefore(prefix, before), IndexKey.EndOf(prefix), cancellationToken);
        }

        return removed;
    }

    private async Task<int> RemoveAsync(string partition, string from, string until, CancellationToken cancellationToken)
    {
        var removed = 0;
        while (true)
        {
            var rows = await table.RangeAsync(partition, from, until, BatchSize, cancellationToken);
            if (rows.Count == 0)
                return removed;
            from = LedgerTable.After(rows[^1].RowKey);
            removed += await RemoveAsync(rows, cancellationToken);
        }
    }

    private async Task<int> RemoveAsync(IReadOnlyList<TableEntity> indexRows, CancellationToken cancellationToken)
    {
        try
        {
            await table.WriteAsync(
                [
                    .. indexRows.SelectMany(row => new[] { row, new TableEntity(row.PartitionKey, IndexKey.EventRowKey(row.RowKey)) })
                        .Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)),
                ],
                cancellationToken);
            return indexRows.Count;
        }
        // One of them was replayed since it was listed, and with it its index row is gone: the others go one by one.
        catch (RequestFailedException e) when (e.Status == 404)
        {
            if (indexRows.Count == 1)
                return 0;

            var removed = 0;
            foreach (var row in indexRows)
                removed += await RemoveAsync([row], cancellationToken);
            return removed;
        }
    }
}
