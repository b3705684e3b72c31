using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>
/// Repairs index rows that disagree with their event, when they are read. This app writes both in one transaction; an edit by hand, a
/// copied table or another version may not have.
/// </summary>
internal sealed partial class LedgerRepair(PointTable table, TimeProvider time, ILogger<LedgerRepair> logger)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    /// <summary>Whether an index row is one that its event has.</summary>
    public static bool Belongs(TableEntity indexRow, LedgerEvent ledgerEvent) =>
        EventIndex.KeysOf(ledgerEvent).Contains(indexRow.RowKey);

    /// <summary>
    /// Removes an index row that its event does not have, and puts back the ones it has where they are missing. An event that has
    /// moved since the row was read has taken the row along: then nothing is left to remove.
    /// </summary>
    /// <param name="indexRow">The row as it was read, before its event was.</param>
    /// <param name="ledgerEvent">The event, or null when there is none with content.</param>
    public async Task RemoveStrayAsync(TableEntity indexRow, LedgerEvent? ledgerEvent)
    {
        if (await RemoveAsync(indexRow))
            LogRemoved(indexRow.PartitionKey, EventIndex.Nameless(indexRow.RowKey));
        if (ledgerEvent is not null)
            await RestoreAsync(ledgerEvent);
    }

    /// <summary>
    /// Puts back the index rows of an event where they are missing. Not while it is processed: that would change its version under
    /// its processor, and the end of the attempt writes them anyway.
    /// </summary>
    /// <returns>The event, with the version that it then has.</returns>
    public async Task<LedgerEvent> RestoreAsync(LedgerEvent ledgerEvent)
    {
        if (ledgerEvent.IsLeasedAt(time.GetUtcNow()))
            return ledgerEvent;
        var missing = new List<TableEntity>();
        foreach (var row in EventIndex.RowsOf(ledgerEvent))
        {
            if (await table.FindAsync(new RowAddress(row.PartitionKey, row.RowKey), ["RowKey"], Budget) is null)
                missing.Add(row);
        }

        if (missing.Count == 0)
            return ledgerEvent;
        try
        {
            // On condition that the event is as it was read, which a merge of nothing checks: else it has moved on, rows and all.
            var version = await table.WriteAsync(
                [
                    new TableTransactionAction(
                        TableTransactionActionType.UpdateMerge,
                        new TableEntity(ledgerEvent.Id.Partition, ledgerEvent.Id.Value),
                        ledgerEvent.ETag),
                    .. missing.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)),
                ],
                Budget);
            LogRestored(ledgerEvent.Id.Value, missing.Count);
            return ledgerEvent with { ETag = version ?? ledgerEvent.ETag };
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return ledgerEvent;
        }
    }

    private async Task<bool> RemoveAsync(TableEntity row)
    {
        try
        {
            await table.WriteAsync([new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag)], Budget);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return false;
        }
    }

    [LoggerMessage(84, LogLevel.Warning, "Removed the index row '{PartitionKey}', '{RowKey}', which matches no event.")]
    private partial void LogRemoved(string partitionKey, string rowKey);

    [LoggerMessage(85, LogLevel.Warning, "Restored {Count} missing index rows of event {PointEvent}.")]
    private partial void LogRestored(string pointEvent, int count);
}
