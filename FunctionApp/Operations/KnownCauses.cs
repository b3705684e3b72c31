using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;

namespace PointWebhooks.Operations;

/// <summary>A cause of death that somebody sees to.</summary>
/// <param name="Cause">Its id (<see cref="ErrorCause"/>).</param>
/// <param name="At">Since when that is said, in UTC.</param>
/// <param name="By">Who said so, or null where that is not known.</param>
internal sealed record KnownCause(string Cause, DateTimeOffset At, string? By);

/// <summary>
/// What operators say of causes of death: that somebody sees to it already. It is a note for other operators and changes no count, because
/// the index, by which dead events are counted, does not know why they died. A row each beside the events, of the latest 100 causes.
/// </summary>
internal sealed class KnownCauses(PointTable table, TimeProvider time)
{
    private const string Partition = "causes";
    private const int MostRows = 100;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    /// <summary>All of them.</summary>
    public async Task<IReadOnlyList<KnownCause>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await RowsAsync(cancellationToken)).Select(Read)];

    /// <summary>Says that somebody sees to a cause, from now on.</summary>
    public async Task AcknowledgeAsync(string cause, string? by)
    {
        var row = new TableEntity(Partition, cause) { [nameof(KnownCause.At)] = time.GetUtcNow(), [nameof(KnownCause.By)] = by };
        await table.WriteAsync([new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)], Budget);
        var rows = await RowsAsync(CancellationToken.None);
        foreach (var surplus in rows.OrderByDescending(one => Read(one).At).Skip(MostRows))
            await WithdrawAsync(surplus.RowKey);
    }

    /// <summary>Takes that back.</summary>
    public Task WithdrawAsync(string cause) => table.DeleteAsync(new RowAddress(Partition, cause), Budget);

    // Some more than are kept, to see which are too many.
    private Task<IReadOnlyList<TableEntity>> RowsAsync(CancellationToken cancellationToken) =>
        table.RangeAsync(Partition, "0", "g", 2 * MostRows, null, Budget, cancellationToken);

    private static KnownCause Read(TableEntity row) => new(
        row.RowKey, row.ValueOf<DateTimeOffset?>(nameof(KnownCause.At)) ?? default, row.ValueOf<string>(nameof(KnownCause.By)));
}
