using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace PointWebhooks.Storage;

/// <summary>The app's table, made on first use where nothing else made it. Every call takes its budget of time.</summary>
internal sealed class PointTable(StorageConnection storage, StorageRetry retry)
{
    public const string Name = "pointevents";

    private const int LargestPage = 1000;

    private readonly TableClient client = storage.Tables().GetTableClient(Name);

    /// <summary>Where a range begins that goes on after a row key: the first text behind it that a key of this table may be.</summary>
    public static string After(string rowKey) => rowKey + "!";

    /// <summary>The end (excluded) of the range of all row keys that begin with a prefix.</summary>
    public static string EndOf(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);

    /// <summary>Reads one row, or null when there is none.</summary>
    public Task<TableEntity?> FindAsync(
        RowAddress row, IEnumerable<string>? columns, TimeSpan budget, CancellationToken cancellationToken = default) =>
        RunAsync(
            async token =>
            {
                var found = await client.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, columns, token);
                return found.HasValue ? found.Value : null;
            },
            budget,
            cancellationToken);

    /// <summary>Writes rows of one partition, all or none, and returns the version of the first; null when that was deleted.</summary>
    /// <exception cref="RequestFailedException">
    /// 409 when an added row exists, 404 when a changed or deleted one does not, 412 when one has another version than expected.
    /// </exception>
    public Task<ETag?> WriteAsync(IReadOnlyList<TableTransactionAction> actions, TimeSpan budget) => RunAsync(
        async token => (await client.SubmitTransactionAsync(actions, token)).Value[0].Headers.ETag, budget, CancellationToken.None);

    /// <summary>Deletes a row, whatever its version.</summary>
    /// <returns>Whether it was there, as far as is known: a deletion whose answer is lost meets itself.</returns>
    public async Task<bool> DeleteAsync(RowAddress address, TimeSpan budget)
    {
        try
        {
            var row = new TableEntity(address.PartitionKey, address.RowKey);
            await WriteAsync([new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)], budget);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return false;
        }
    }

    /// <summary>Changes some columns of one row that has an expected version, and returns its new version.</summary>
    /// <exception cref="RequestFailedException">404 when there is no such row, 412 when it has another version.</exception>
    public Task<ETag?> MergeAsync(TableEntity row, ETag version, TimeSpan budget) => RunAsync(
        async token => (await client.UpdateEntityAsync(row, version, TableUpdateMode.Merge, token)).Headers.ETag,
        budget,
        CancellationToken.None);

    /// <summary>
    /// Reads up to <paramref name="take"/> rows of a partition, from one row key (included) to another (excluded), in their order.
    /// </summary>
    /// <param name="condition">What the rows must meet besides, as an OData filter, or null.</param>
    public async Task<IReadOnlyList<TableEntity>> RangeAsync(
        string partitionKey,
        string from,
        string until,
        int take,
        IEnumerable<string>? columns,
        TimeSpan budget,
        CancellationToken cancellationToken,
        string? condition = null)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ge {from} and RowKey lt {until}");
        if (condition is not null)
            filter += $" and {condition}";
        var rows = new List<TableEntity>();
        string? next = null;
        await retry.RunPagesAsync(token => OnTableAsync(ReadPageAsync, token), budget, cancellationToken);
        return rows.Count <= take ? rows : rows[..take];

        async Task<bool> ReadPageAsync(CancellationToken token)
        {
            await foreach (var page in client.QueryAsync<TableEntity>(filter, Math.Min(take, LargestPage), columns, token).AsPages(next))
            {
                rows.AddRange(page.Values);
                next = page.ContinuationToken;
                return next is not null && rows.Count < take;
            }

            return false;
        }
    }

    private Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan budget, CancellationToken cancellationToken) =>
        retry.RunAsync(token => OnTableAsync(call, token), budget, cancellationToken);

    private async Task<T> OnTableAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken token)
    {
        try
        {
            return await call(token);
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            await client.CreateIfNotExistsAsync(token);
            return await call(token);
        }
    }
}
