using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>
/// Applies the retention: what is completed or dead for longer than <c>Ledger:RetentionDays</c> loses its content and keeps its id.
/// Only a range of the index is read, so that what stays costs nothing.
/// </summary>
internal sealed partial class LedgerPurge(
    PointTable table,
    LedgerReader reader,
    EventLedger ledger,
    LedgerRepair repair,
    IOptions<LedgerOptions> options,
    TimeProvider time,
    ILogger<LedgerPurge> logger)
{
    private const int PageSize = 100;
    private const int Parallelism = 8;

    private static readonly TimeSpan ReadBudget = TimeSpan.FromSeconds(30);

    /// <summary>Removes the content of every event past its retention.</summary>
    /// <returns>How many events it was.</returns>
    /// <exception cref="AggregateException">Storage failed for some partitions; the others are done.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.Value.Retention;
        var forgotten = 0;
        var failures = new List<Exception>();
        foreach (var partition in EventId.Partitions)
        {
            try
            {
                foreach (var group in new[] { EventIndex.Done, EventIndex.Dead })
                {
                    await foreach (var count in ForgetAsync(partition, group, before, cancellationToken))
                        forgotten += count;
                }
            }
            // One that fails would else end each night before those behind it had their turn.
            catch (Exception e) when (StorageFailure.Is(e))
            {
                failures.Add(e);
            }
        }

        LogPurged(forgotten, options.Value.RetentionDays);
        return failures.Count == 0
            ? forgotten
            : throw new AggregateException(
                $"Storage failed for {failures.Count} of {EventId.Partitions.Count} partitions of the ledger. The next night tries them again.", failures);
    }

    // How many events it was, batch by batch.
    private async IAsyncEnumerable<int> ForgetAsync(
        string partition, string group, DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var until = PointTable.EndOf(EventIndex.Prefix(group));
        for (var from = EventIndex.FinishedBy(group, before); ;)
        {
            var rows = await table.RangeAsync(partition, from, until, PageSize, null, ReadBudget, cancellationToken);
            if (rows.Count == 0)
                yield break;
            from = PointTable.After(rows[^1].RowKey);
            foreach (var batch in rows.Chunk(Parallelism))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return (await Task.WhenAll(batch.Select(row => ForgetAsync(row, before)))).Count(done => done);
            }
        }
    }

    // The index alone is not enough to remove something: the event itself has to say that it finished, and when.
    private async Task<bool> ForgetAsync(TableEntity indexRow, DateTimeOffset before)
    {
        if (EventIndex.IdOf(indexRow.RowKey) is not { } id)
            return false;
        var (finding, found, _) = await reader.FindAsync(id, withBody: false, ReadBudget);
        if (finding == Finding.Unreadable)
            return false;
        if (found is null || !LedgerRepair.Belongs(indexRow, found))
        {
            await repair.RemoveStrayAsync(indexRow, found);
            return false;
        }

        return !found.IsOpen && found.FinishedAt <= before && await ledger.ForgetAsync(found);
    }

    [LoggerMessage(70, LogLevel.Information, "Removed the content of {Count} events that finished more than {Days} days ago.")]
    private partial void LogPurged(int count, int days);
}
