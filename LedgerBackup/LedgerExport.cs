using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.Receiving;
using PointWebhooks.Storage;

namespace PointWebhooks.LedgerBackup;

/// <summary>
/// Writes the rows of all events and of quarantined requests to a file, one a line, and last how many there are. Index rows are left
/// out: they follow from the events. Nothing is locked; an event that changes meanwhile is written as it was when it was met.
/// </summary>
internal sealed class LedgerExport(PointTable table, Action<string> tell)
{
    /// <summary>The start of the last line.</summary>
    public const string End = "end of ledger: ";

    private const int PageSize = 500;
    private const int ProgressEvery = 10_000;

    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(1);

    /// <summary>Exports to a new file; it has its name only once it is complete.</summary>
    /// <returns>How many rows were written.</returns>
    /// <exception cref="IOException">There is such a file already, or it cannot be written.</exception>
    public async Task<long> RunAsync(string file, CancellationToken cancellationToken)
    {
        if (File.Exists(file))
            throw new IOException($"{file} is there already. Name another file.");
        var (partial, rows) = ($"{file}.partial", 0L);
        await using (var lines = new StreamWriter(partial))
        {
            // Read first: a request that is accepted meanwhile may come into a partition that is written already. It is bounded (Quarantine).
            var quarantined = await RowsAsync(QuarantineStore.Partition, cancellationToken).ToListAsync(cancellationToken);
            foreach (var partition in EventId.Partitions)
            {
                await foreach (var row in RowsAsync(partition, cancellationToken))
                    await WriteAsync(row);
            }

            // Last, as they are restored.
            foreach (var row in quarantined)
                await WriteAsync(row);
            await lines.WriteLineAsync($"{End}{rows}");

            async Task WriteAsync(TableEntity row)
            {
                await lines.WriteLineAsync(RowFormat.Write(row).AsMemory(), cancellationToken);
                if (++rows % ProgressEvery == 0)
                    tell($"{rows} rows ...");
            }
        }

        File.Move(partial, file);
        return rows;
    }

    private async IAsyncEnumerable<TableEntity> RowsAsync(
        string partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The row keys of events begin with the digit of their partition, so most index rows are not even read.
        var (from, until) = partition == QuarantineStore.Partition ? ("!", "~") : (partition, PointTable.EndOf(partition));
        while (true)
        {
            var page = await table.RangeAsync(partition, from, until, PageSize, columns: null, Budget, cancellationToken);
            foreach (var row in page.Where(row => EventIndex.IdOf(row.RowKey) is null))
                yield return row;
            if (page.Count < PageSize)
                yield break;
            from = PointTable.After(page[^1].RowKey);
        }
    }
}
