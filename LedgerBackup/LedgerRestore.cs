using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using PointWebhooks.Ledger;
using PointWebhooks.Receiving;
using PointWebhooks.Storage;

namespace PointWebhooks.LedgerBackup;

/// <summary>
/// Adds the rows of a file to the ledger, each event in one transaction with its index rows. A row that is there stays as it is, so
/// a restore may run beside the app, be cut off, and run again.
/// </summary>
internal sealed class LedgerRestore(PointTable table, Action<string> tell)
{
    private const int ProgressEvery = 10_000;
    private const int Concurrency = 8;
    // A transaction takes 100 rows and 4 MiB: an event has four rows at most.
    private const int MaxRowsPerWrite = 25;
    private const int MaxTextPerWrite = 2 * 1024 * 1024;

    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(1);

    private long added;
    private long present;

    /// <summary>Restores from a file that is complete.</summary>
    /// <returns>How many rows were added, and how many were there already.</returns>
    /// <exception cref="FormatException">The file is not a complete export; nothing was written.</exception>
    public async Task<(long Added, long Present)> RunAsync(string file, CancellationToken cancellationToken)
    {
        await CheckAsync(file, cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        // A quarantined request that the app accepts before its event is back would be a new one.
        foreach (var isQuarantine in new[] { false, true })
        {
            await Parallel.ForEachAsync(
                WritesAsync(file, cancellationToken).Where(rows => rows[0].PartitionKey == QuarantineStore.Partition == isQuarantine),
                options,
                async (rows, _) => await WriteAsync(rows));
        }

        return (added, present);
    }

    private static async Task CheckAsync(string file, CancellationToken cancellationToken)
    {
        var (rows, last) = (-1L, "");
        await foreach (var line in File.ReadLinesAsync(file, cancellationToken))
        {
            (rows, last) = (rows + 1, line);
            if (!line.StartsWith(LedgerExport.End, StringComparison.Ordinal))
                _ = RowFormat.Read(line);
        }

        if (last != string.Create(CultureInfo.InvariantCulture, $"{LedgerExport.End}{rows}"))
            throw new FormatException($"{file} is not a complete export of a ledger: it does not end with the number of its rows.");
    }

    private static async IAsyncEnumerable<List<TableEntity>> WritesAsync(
        string file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (rows, length) = (new List<TableEntity>(), 0);
        await foreach (var line in File.ReadLinesAsync(file, cancellationToken))
        {
            if (line.StartsWith(LedgerExport.End, StringComparison.Ordinal))
                break;
            var row = RowFormat.Read(line);
            if (rows.Count > 0
                && (rows.Count == MaxRowsPerWrite || length + line.Length > MaxTextPerWrite || rows[0].PartitionKey != row.PartitionKey))
            {
                yield return rows;
                (rows, length) = ([], 0);
            }

            rows.Add(row);
            length += line.Length;
        }

        if (rows.Count > 0)
            yield return rows;
    }

    private async Task WriteAsync(List<TableEntity> rows)
    {
        try
        {
            await table.WriteAsync([.. rows.SelectMany(Actions)], Budget);
            Count(ref added, rows.Count);
        }
        // Not any conflict: while a deleted table is still being removed, nothing is there.
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.EntityAlreadyExists && rows.Count > 1)
        {
            foreach (var row in rows)
                await WriteAsync([row]);
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            Count(ref present, 1);
        }
    }

    // The index row of an event that is there would not be its own any more: so the event comes first, and all fails with it.
    private IEnumerable<TableTransactionAction> Actions(TableEntity row) =>
        IndexOf(row)
            .Select(index => new TableTransactionAction(TableTransactionActionType.UpsertReplace, index))
            .Prepend(new TableTransactionAction(TableTransactionActionType.Add, row));

    private IEnumerable<TableEntity> IndexOf(TableEntity row)
    {
        if (EventId.TryParse(row.RowKey) is null || LedgerRows.IsForgotten(row))
            return [];
        try
        {
            return EventIndex.RowsOf(LedgerRows.ToEvent(row));
        }
        catch (FormatException)
        {
            // Of another version: it is put back as it was, for that version to read.
            tell($"{row.RowKey} cannot be read by this version: it is put back as it was, and the app finds it by its id alone. Restore with the version of the app.");
            return [];
        }
    }

    private void Count(ref long counter, int rows)
    {
        Interlocked.Add(ref counter, rows);
        var done = Interlocked.Read(ref added) + Interlocked.Read(ref present);
        if (done / ProgressEvery != (done - rows) / ProgressEvery)
            tell($"{done} rows ...");
    }
}
