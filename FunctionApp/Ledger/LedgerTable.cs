using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>The ledger's table, made on first use where nothing else made it.</summary>
public sealed class LedgerTable
{
    /// <summary>The table's name.</summary>
    public const string Name = "pointevents";

    private readonly TableClient client;

    /// <summary>Connects to the table; nothing is sent yet.</summary>
    public LedgerTable(StorageConnection storage)
    {
        var options = new TableClientOptions();
        StorageRetry.Configure(options.Retry);
        client = storage.Tables(options).GetTableClient(Name);
    }

    /// <summary>Where a range begins that goes on after a row key: the first text behind it that a key of this table may be.</summary>
    public static string After(string rowKey) => rowKey + "!";

    /// <summary>Reads one row, or null when there is none.</summary>
    public async Task<TableEntity?> FindAsync(LedgerKey key, IEnumerable<string>? columns, CancellationToken cancellationToken)
    {
        var row = await WithTableAsync(
            () => client.GetEntityIfExistsAsync<TableEntity>(key.PartitionKey, key.RowKey, columns, cancellationToken), cancellationToken);
        return row.HasValue ? row.Value : null;
    }

    /// <summary>Writes rows of one partition, all or none, and returns the version of the first; null when that was deleted.</summary>
    /// <exception cref="RequestFailedException">409 when an added row exists, 412 when a row has another version than expected.</exception>
    public async Task<ETag?> WriteAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var responses = await WithTableAsync(() => client.SubmitTransactionAsync(actions, cancellationToken), cancellationToken);
        return responses.Value[0].Headers.ETag;
    }

    /// <summary>
    /// Reads up to <paramref name="take"/> rows of a partition, from one row key (included) to another (excluded), in their
    /// order.
    /// </summary>
    public async Task<IReadOnlyList<TableEntity>> RangeAsync(
        string partitionKey, string from, string until, int take, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ge {from} and RowKey lt {until}");
        var rows = new List<TableEntity>();
        await WithTableAsync(
            async () =>
            {
                rows.Clear();
                var pages = client.QueryAsync<TableEntity>(filter, Math.Min(take, 1000), cancellationToken: cancellationToken).AsPages();
                await foreach (var page in pages)
                {
                    rows.AddRange(page.Values);
                    if (rows.Count >= take)
                        break;
                }

                return rows;
            },
            cancellationToken);
        return rows.Count <= take ? rows : rows[..take];
    }

    private async Task<TResult> WithTableAsync<TResult>(Func<Task<TResult>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await send();
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            await client.CreateIfNotExistsAsync(cancellationToken);
            return await send();
        }
    }
}
