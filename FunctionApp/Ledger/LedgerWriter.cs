using Azure;
using Azure.Data.Tables;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>The lease on an event is gone: another writer changed the row since it was read, or it was given back.</summary>
internal sealed class LeaseLostException(EventId id) : Exception($"The event {id} was changed by another instance, or given back.");

internal enum InsertOutcome
{
    /// <summary>The event is new, and kept.</summary>
    Inserted,

    /// <summary>It was seen before, with the same body, or its content is gone by now.</summary>
    Duplicate,

    /// <summary>It was seen before, with another body. The first one stands.</summary>
    DuplicateWithOtherBody,
}

/// <summary>
/// Writes events. Every change is conditional on the version that was read and carries the id of its write: when the answer to a
/// write is lost and the write is repeated, the conflict it then meets is recognized as its own success. Nothing cancels a write.
/// </summary>
internal sealed class LedgerWriter(PointTable table, TimeProvider time)
{
    /// <summary>How long an insert is tried: a sender is waiting, and may never send the event again.</summary>
    public static readonly TimeSpan InsertBudget = TimeSpan.FromSeconds(10);

    /// <summary>How long any other change is tried, where no lease says more.</summary>
    public static readonly TimeSpan ChangeBudget = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan CheckBudget = TimeSpan.FromSeconds(5);

    /// <summary>Now, in the ledger's precision.</summary>
    public DateTimeOffset Now => Rounded(time.GetUtcNow());

    /// <summary>A time in the ledger's precision: whole milliseconds, so that it survives the way through the table unchanged.</summary>
    public static DateTimeOffset Rounded(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    /// <summary>A new id, of a write or of the owner of a lease.</summary>
    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>Inserts an event; the conflict with an earlier one is the dedupe.</summary>
    /// <returns>The result, and the version of the inserted row.</returns>
    public async Task<(InsertOutcome Outcome, ETag ETag)> InsertAsync(LedgerEvent received, ReadOnlyMemory<byte> body)
    {
        var writeId = NewId();
        try
        {
            var version = await table.WriteAsync(
                [
                    new(TableTransactionActionType.Add, LedgerRows.Whole(received, body, writeId)),
                    .. Added(EventIndex.RowsOf(received)),
                ],
                InsertBudget);
            return (InsertOutcome.Inserted, version ?? default);
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            var row = await table.FindAsync(received.Id.Row, [LedgerRows.WriteId, LedgerRows.BodyHash], CheckBudget);
            // No row, and so no duplicate: the conflict was another.
            if (row is null)
                throw;
            return row.ValueOf<string>(LedgerRows.WriteId) == writeId ? (InsertOutcome.Inserted, row.ETag)
                : row.ValueOf<string>(LedgerRows.BodyHash) is { } hash && hash != LedgerRows.Hash(body.Span)
                    ? (InsertOutcome.DuplicateWithOtherBody, default)
                : (InsertOutcome.Duplicate, default);
        }
    }

    /// <summary>Changes an event, and its index rows where they say something else then.</summary>
    /// <param name="to">The event as it is to be.</param>
    /// <param name="budget">How long a storage that fails is tried.</param>
    /// <exception cref="LeaseLostException">Another writer changed the event since it was read.</exception>
    public async Task<LedgerEvent> ChangeAsync(LedgerEvent from, LedgerEvent to, TimeSpan budget)
    {
        var writeId = NewId();
        var row = LedgerRows.Changes(to, writeId);
        var (before, after) = (EventIndex.KeysOf(from), EventIndex.KeysOf(to));
        return before.SequenceEqual(after) && from.WaitsFor.SequenceEqual(to.WaitsFor)
            ? to with { ETag = await CheckedAsync(from.Id, writeId, () => table.MergeAsync(row, from.ETag, budget)) }
            : to with { ETag = await MoveAsync(from, to, row, writeId, [.. before.Except(after)], budget) };
    }

    /// <summary>The version of an event that its holder has still claimed, whichever of its writes was the last; null when it is another's.</summary>
    public async Task<ETag?> VersionOfHolderAsync(LedgerEvent held)
    {
        var row = await table.FindAsync(held.Id.Row, [nameof(LedgerEvent.State), nameof(LedgerEvent.LeaseOwner)], CheckBudget);
        return row?.ValueOf<string>(nameof(LedgerEvent.State)) == nameof(EventState.Processing)
            && row.ValueOf<string>(nameof(LedgerEvent.LeaseOwner)) == held.LeaseOwner ? row.ETag : null;
    }

    /// <summary>Removes an event's content and its index rows, and leaves its id.</summary>
    /// <exception cref="LeaseLostException">Another writer changed the event since it was read.</exception>
    public async Task ForgetAsync(LedgerEvent read, TimeSpan budget)
    {
        var writeId = NewId();
        var replaced = new TableTransactionAction(
            TableTransactionActionType.UpdateReplace, LedgerRows.Forgotten(read.Id, writeId), read.ETag);
        await WithoutMissingAsync(read, writeId, replaced, EventIndex.KeysOf(read), [], budget);
    }

    private Task<ETag> MoveAsync(
        LedgerEvent from, LedgerEvent to, TableEntity row, string writeId, IReadOnlyList<string> removed, TimeSpan budget) =>
        WithoutMissingAsync(
            from,
            writeId,
            new TableTransactionAction(TableTransactionActionType.UpdateMerge, row, from.ETag),
            removed,
            [.. Added(EventIndex.RowsOf(to))],
            budget);

    // A missing index row, which only an edit by hand or a copied table can cause, must not block its event.
    private async Task<ETag> WithoutMissingAsync(
        LedgerEvent from,
        string writeId,
        TableTransactionAction change,
        IReadOnlyList<string> removed,
        IReadOnlyList<TableTransactionAction> added,
        TimeSpan budget)
    {
        try
        {
            return await CheckedAsync(
                from.Id, writeId, () => table.WriteAsync([change, .. Removed(from.Id, removed), .. added], budget), from.ETag);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            var present = new List<string>();
            foreach (var key in removed)
            {
                if (await table.FindAsync(new RowAddress(from.Id.Partition, key), ["RowKey"], CheckBudget) is not null)
                    present.Add(key);
            }

            return await CheckedAsync(
                from.Id, writeId, () => table.WriteAsync([change, .. Removed(from.Id, present), .. added], budget));
        }
    }

    /// <param name="unchanged">A version with which the event is unchanged, so that a 404 is of its index and goes on.</param>
    private async Task<ETag> CheckedAsync(EventId id, string writeId, Func<Task<ETag?>> write, ETag? unchanged = null)
    {
        try
        {
            return await write() ?? throw new InvalidOperationException("The table service answered a write without an ETag.");
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            var row = await table.FindAsync(id.Row, [LedgerRows.WriteId], CheckBudget);
            if (row is not null && row.ValueOf<string>(LedgerRows.WriteId) == writeId)
                return row.ETag;
            if (e.Status == 404 && row is not null && row.ETag == unchanged)
                throw;
            throw new LeaseLostException(id);
        }
    }

    private static IEnumerable<TableTransactionAction> Added(IEnumerable<TableEntity> rows) =>
        rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row));

    private static IEnumerable<TableTransactionAction> Removed(EventId id, IEnumerable<string> keys) =>
        keys.Select(key => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(id.Partition, key), ETag.All));
}
