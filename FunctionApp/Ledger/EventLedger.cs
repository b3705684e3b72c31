using Azure;
using Azure.Data.Tables;

namespace PointWebhooks.Ledger;

/// <summary>
/// The truth about every event: whether it was seen before, how far it got, who works on it. Every change is one transaction on
/// one partition, conditional on the version that was read, and carries the id of its write: when the answer to a write is lost
/// and the client repeats it, the conflict it then meets is recognized as its own success.
/// </summary>
public sealed class EventLedger(LedgerTable table, TimeProvider time)
{
    /// <summary>How long a claim lasts unless it is renewed: what a crashed processor costs an event at most.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);

    /// <summary>How long after its receipt an event's message should have been picked up, unless there is a backlog.</summary>
    public static readonly TimeSpan PickUpTime = TimeSpan.FromMinutes(2);

    /// <summary>Now, in the ledger's precision: whole milliseconds, so that a time survives the way through the table unchanged.</summary>
    internal DateTimeOffset Now
    {
        get
        {
            var now = time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        }
    }

    internal TimeProvider Time => time;

    /// <summary>Keeps a new event. The insert is the dedupe: a second event with the key is a duplicate, whatever happens at once.</summary>
    public async Task<InsertOutcome> InsertAsync(
        string idempotencyKey, string type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var now = Now;
        var received = new LedgerEvent
        {
            IdempotencyKey = idempotencyKey,
            Type = type,
            State = EventState.Received,
            ReceivedAt = now,
            DueAt = now + PickUpTime,
        }.Noting(now);
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
            var row = await table.FindAsync(LedgerKey.Of(idempotencyKey), [LedgerRows.WriteId, LedgerRows.BodyHash], cancellationToken);
            return row?.GetString(LedgerRows.WriteId) == writeId ? InsertOutcome.Inserted
                : row?.GetString(LedgerRows.BodyHash) == LedgerRows.Hash(body.Span) ? InsertOutcome.Duplicate
                : InsertOutcome.DuplicateWithOtherBody;
        }
    }

    /// <summary>Reads an event, or null when the ledger does not know it.</summary>
    public async Task<LedgerEvent?> FindAsync(string idempotencyKey, bool withBody, CancellationToken cancellationToken)
    {
        var row = await table.FindAsync(LedgerKey.Of(idempotencyKey), withBody ? null : LedgerRows.ColumnsWithoutBody, cancellationToken);
        return row is null ? null : LedgerRows.ToEvent(row);
    }

    /// <summary>Takes an event up for processing. Only one claim succeeds until its lease ends.</summary>
    public async Task<Claim> ClaimAsync(string idempotencyKey, bool withBody, CancellationToken cancellationToken)
    {
        var current = await FindAsync(idempotencyKey, withBody, cancellationToken);
        if (current is null)
            return new Claim(ClaimOutcome.Unknown);
        if (!current.IsOpen)
            return new Claim(ClaimOutcome.Finished);

        var now = Now;
        if (current.State == EventState.Processing && current.DueAt > now)
            return new Claim(ClaimOutcome.Leased);

        var claimed = current with { State = EventState.Processing, Owner = NewId(), DueAt = now + LeaseTime };
        try
        {
            return new Claim(ClaimOutcome.Claimed, new EventLease(this, await MoveAsync(current, claimed.Noting(now), cancellationToken)));
        }
        catch (LeaseLostException)
        {
            return new Claim(ClaimOutcome.Leased);
        }
    }

    /// <summary>Lists events by what is to be done about them: open ones most overdue first, dead and completed ones latest first.</summary>
    /// <param name="state">The states to list: any open one lists all open events; null lists everything, open, then dead, then completed.</param>
    /// <param name="type">The type to list, or null for all.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="continuation">Where the page before ended, or null for the first page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<EventPage> ListAsync(EventState? state, string? type, int take, string? continuation, CancellationToken cancellationToken) =>
        LedgerListing.ReadAsync(table, state, type, take, continuation, cancellationToken);

    /// <summary>Brings an event from the state that was read into another one, index and all.</summary>
    /// <exception cref="LeaseLostException">Somebody else has changed the event since.</exception>
    internal async Task<LedgerEvent> MoveAsync(LedgerEvent from, LedgerEvent to, CancellationToken cancellationToken)
    {
        var writeId = NewId();
        List<TableTransactionAction> actions = [new(TableTransactionActionType.UpdateMerge, LedgerRows.State(to, writeId), from.ETag)];
        var (oldIndex, newIndex) = (LedgerRows.Index(from), LedgerRows.Index(to));
        if (oldIndex.RowKey != newIndex.RowKey)
        {
            actions.Add(new(TableTransactionActionType.Delete, oldIndex, ETag.All));
            actions.Add(new(TableTransactionActionType.Add, newIndex));
        }

        try
        {
            return to with { ETag = await table.WriteAsync(actions, cancellationToken) };
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            var row = await table.FindAsync(LedgerKey.Of(from.IdempotencyKey), [LedgerRows.WriteId], cancellationToken);
            return row?.GetString(LedgerRows.WriteId) == writeId
                ? to with { ETag = row.ETag }
                : throw new LeaseLostException(from.IdempotencyKey);
        }
    }

    private static string NewId() => Guid.NewGuid().ToString("N");
}
