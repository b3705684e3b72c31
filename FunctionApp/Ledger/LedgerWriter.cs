using Azure;
using Azure.Data.Tables;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>
/// Writes events. Every change is one transaction on one partition, conditional on the version that was read, and carries the id
/// of its write: when the answer to a write is lost and the client repeats it, the conflict it then meets is recognized as its
/// own success.
/// </summary>
internal sealed class LedgerWriter(LedgerTable table, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Now, in the ledger's precision.</summary>
    public DateTimeOffset Now => Rounded(time.GetUtcNow());

    /// <summary>A time in the ledger's precision: whole milliseconds, so that it survives the way through the table unchanged.</summary>
    public static DateTimeOffset Rounded(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    /// <summary>A new id, of a write or of the owner of a lease.</summary>
    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>Inserts an event; the conflict with an earlier one is the dedupe.</summary>
    public async Task<InsertOutcome> InsertAsync(LedgerEvent received, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var writeId = NewId();
        try
        {
            await table.WriteAsync(
                [
                    new(TableTransactionActionType.Add, LedgerRows.Event(received, body, writeId)),
                    new(TableTransactionActionType.Add, LedgerRows.Index(received)),
                ],
                cancellationToken);
            return InsertOutcome.Inserted;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            // No row, and so no duplicate, when the conflict was another: a table that is being deleted.
            var row = await table.FindAsync(
                LedgerKey.Of(received.IdempotencyKey), [LedgerRows.WriteId, LedgerRows.BodyHash], cancellationToken);
            if (row is null)
                throw;

            return row.GetString(LedgerRows.WriteId) == writeId ? InsertOutcome.Inserted
                : row.GetString(LedgerRows.BodyHash) == LedgerRows.Hash(body.Span) ? InsertOutcome.Duplicate
                : InsertOutcome.DuplicateWithOtherBody;
        }
    }

    /// <summary>Brings an event from the state that was read into another one, index and all.</summary>
    /// <param name="from">The event as it was read.</param>
    /// <param name="to">The event as it is to be.</param>
    /// <param name="tryUntil">Until when a storage that fails is tried again, or null for no longer than its client does.</param>
    /// <param name="cancellationToken">Ends the trying.</param>
    /// <exception cref="LeaseLostException">Somebody else has changed the event since.</exception>
    public async Task<LedgerEvent> MoveAsync(
        LedgerEvent from, LedgerEvent to, DateTimeOffset? tryUntil, CancellationToken cancellationToken)
    {
        var writeId = NewId();
        List<TableTransactionAction> actions = [new(TableTransactionActionType.UpdateMerge, LedgerRows.State(to, writeId), from.ETag)];
        var (oldIndex, newIndex) = (LedgerRows.Index(from), LedgerRows.Index(to));
        if (oldIndex.RowKey != newIndex.RowKey)
        {
            actions.Add(new(TableTransactionActionType.Delete, oldIndex, ETag.All));
            actions.Add(new(TableTransactionActionType.Add, newIndex));
        }
        else if (from.State != to.State)
        {
            actions.Add(new(TableTransactionActionType.UpdateReplace, newIndex, ETag.All));
        }

        try
        {
            return to with { ETag = await WriteAsync(actions, tryUntil, cancellationToken) };
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            var row = await table.FindAsync(LedgerKey.Of(from.IdempotencyKey), [LedgerRows.WriteId], cancellationToken);
            return row?.GetString(LedgerRows.WriteId) == writeId
                ? to with { ETag = row.ETag }
                : throw new LeaseLostException(from.IdempotencyKey);
        }
    }

    // The same write each time, so that one that did happen is recognized by its id.
    private async Task<ETag> WriteAsync(
        IReadOnlyList<TableTransactionAction> actions, DateTimeOffset? tryUntil, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await table.WriteAsync(actions, cancellationToken)
                    ?? throw new InvalidOperationException("The table service answered a write without an ETag.");
            }
            catch (Exception e) when (
                StorageFailure.Is(e) && e is not RequestFailedException { Status: 404 or 409 or 412 }
                && !cancellationToken.IsCancellationRequested && Now + Pause < tryUntil)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
