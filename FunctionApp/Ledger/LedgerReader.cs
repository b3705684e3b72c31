using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Ledger;

/// <summary>What stands at the address of an event.</summary>
internal enum Finding
{
    /// <summary>Nothing: the ledger does not know the event.</summary>
    Nothing,

    Event,

    /// <summary>An event whose content is gone.</summary>
    Forgotten,

    /// <summary>A row that this version cannot read.</summary>
    Unreadable,
}

/// <summary>
/// Reads rows one by one: one that cannot be read, left by another version or edited, is reported with its address and
/// skipped; it stops nothing else.
/// </summary>
internal sealed partial class LedgerReader(PointTable table, PointMetrics metrics, ILogger<LedgerReader> logger)
{
    private readonly ReportedRows reported = new();

    /// <returns>What stands there; the event when it is one; why it cannot be read when it cannot.</returns>
    public async Task<(Finding Finding, LedgerEvent? Event, string? Why)> FindAsync(
        EventId id, bool withBody, TimeSpan budget, CancellationToken cancellationToken = default)
    {
        var row = await table.FindAsync(id.Row, withBody ? null : LedgerRows.ColumnsWithoutBody, budget, cancellationToken);
        return row is null ? (Finding.Nothing, null, null) : Read(row, withBody);
    }

    /// <param name="withBody">Whether the body has been asked for: without one the event would be taken for an empty one.</param>
    public (Finding Finding, LedgerEvent? Event, string? Why) Read(TableEntity row, bool withBody = false)
    {
        if (LedgerRows.IsForgotten(row))
            return (Finding.Forgotten, null, null);
        try
        {
            return (Finding.Event, LedgerRows.ToEvent(row, withBody), null);
        }
        catch (FormatException e)
        {
            Report(row, e.Message);
            return (Finding.Unreadable, null, e.Message);
        }
    }

    private void Report(TableEntity row, string why)
    {
        if (!reported.Add(new RowAddress(row.PartitionKey, row.RowKey)))
            return;
        metrics.UnreadableRow();
        LogUnreadable(row.PartitionKey, row.RowKey, why);
    }

    [LoggerMessage(
        83, LogLevel.Error,
        "This version cannot read the ledger row '{PartitionKey}', '{RowKey}' and skips it. {Why}")]
    private partial void LogUnreadable(string partitionKey, string rowKey, string why);
}
