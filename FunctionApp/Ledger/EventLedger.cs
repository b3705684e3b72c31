namespace PointWebhooks.Ledger;

/// <summary>
/// The truth about every event: whether it was seen before, how far it got, who works on it. Only its holder changes an event that
/// is claimed, through the <see cref="EventLease"/>.
/// </summary>
public sealed class EventLedger(LedgerTable table, TimeProvider time)
{
    /// <summary>How long a claim lasts unless it is renewed: what a crashed processor costs an event at most.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);

    /// <summary>How long after its receipt an event's message should have been picked up, unless there is a backlog.</summary>
    public static readonly TimeSpan PickUpTime = TimeSpan.FromMinutes(2);

    // A message that comes at its time may come before it by this clock: queues count whole seconds, by a clock of their own.
    private static readonly TimeSpan EarlyArrival = TimeSpan.FromSeconds(5);

    private readonly LedgerWriter writer = new(table, time);

    private DateTimeOffset Now => writer.Now;

    /// <summary>
    /// Keeps a new event. The insert is the dedupe: a second event with the key is a duplicate, whatever happens at once.
    /// </summary>
    public async Task<InsertOutcome> InsertAsync(
        string idempotencyKey,
        string type,
        DateTimeOffset receivedAt,
        ReadOnlyMemory<byte> body,
        string? traceParent,
        CancellationToken cancellationToken)
    {
        var now = Now;
        var received = new LedgerEvent
        {
            IdempotencyKey = idempotencyKey,
            Type = type,
            State = EventState.Received,
            ReceivedAt = LedgerWriter.Rounded(receivedAt),
            DueAt = now + PickUpTime,
            TraceParent = traceParent,
        }.Noting(now);
        return await writer.InsertAsync(received, body, cancellationToken);
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
        while (true)
        {
            var current = await FindAsync(idempotencyKey, withBody, cancellationToken);
            if (current is null)
                return new Claim(ClaimOutcome.Unknown);
            if (!current.IsOpen)
                return new Claim(ClaimOutcome.Finished);

            var now = Now;
            if (current.State == EventState.Processing && current.DueAt > now)
                return new Claim(ClaimOutcome.Leased);
            // Of two messages each would start an attempt and a message of the next: the schedule would pass in half its time.
            if (current.State == EventState.Retrying && current.NotBefore - EarlyArrival > now)
                return new Claim(ClaimOutcome.TooEarly);

            var claimed = current with { State = EventState.Processing, Owner = LedgerWriter.NewId(), DueAt = now + LeaseTime };
            try
            {
                return new Claim(
                    ClaimOutcome.Claimed,
                    new EventLease(writer, await writer.MoveAsync(current, claimed.Noting(now), tryUntil: null, cancellationToken)));
            }
            catch (LeaseLostException)
            {
                // Somebody was quicker: to claim it, or only to put off the next look at it. The next round tells.
            }
        }
    }

    /// <summary>Reads what is open: one range of each partition, at any size of the ledger.</summary>
    public Task<OpenEvents> OpenAsync(CancellationToken cancellationToken) => LedgerListing.OpenAsync(table, Now, cancellationToken);

    /// <summary>Counts the dead events; from 1,000 in one partition on, at least so many.</summary>
    public Task<long> CountDeadAsync(CancellationToken cancellationToken) =>
        LedgerListing.CountAsync(table, IndexKey.Dead, cancellationToken);

    /// <summary>Whether an event deserved a look by now.</summary>
    public bool IsOverdue(LedgerEvent ledgerEvent) => ledgerEvent.IsOpen && ledgerEvent.DueAt <= Now;

    /// <summary>
    /// Lets an event wait some time before it deserves the next look; nothing happens when it was changed since it was read.
    /// </summary>
    public async Task PostponeAsync(LedgerEvent read, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await writer.MoveAsync(read, read with { DueAt = Now + wait }, tryUntil: null, cancellationToken);
        }
        catch (LeaseLostException)
        {
            // Somebody works on it: no look is needed.
        }
    }

    /// <summary>
    /// Opens a finished event again, with all its attempts before it. Handlers that had finished a dead event are not run again,
    /// those of a completed one are.
    /// </summary>
    /// <param name="idempotencyKey">The event's key.</param>
    /// <param name="completedToo">Whether a completed event is replayed as well.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task<(ReplayOutcome Outcome, LedgerEvent? Event)> ReplayAsync(
        string idempotencyKey, bool completedToo, CancellationToken cancellationToken)
    {
        if (await FindAsync(idempotencyKey, withBody: false, cancellationToken) is not { } finished)
            return (ReplayOutcome.Unknown, null);
        if (finished.IsOpen)
            return (ReplayOutcome.Open, finished);
        if (finished.State == EventState.Completed && !completedToo)
            return (ReplayOutcome.Completed, finished);

        var now = Now;
        var reopened = finished with
        {
            State = EventState.Received,
            DueAt = now + PickUpTime,
            Attempts = 0,
            GivenUp = [],
            Done = finished.State == EventState.Completed ? [] : finished.Done,
        };
        try
        {
            return (
                ReplayOutcome.Replayed,
                await writer.MoveAsync(finished, reopened.Noting(now, "replayed"), tryUntil: null, cancellationToken));
        }
        catch (LeaseLostException)
        {
            return (ReplayOutcome.Open, finished);
        }
    }

    /// <summary>
    /// Lists events by what is to be done about them: open ones most overdue first, dead and completed ones latest first.
    /// </summary>
    /// <param name="state">
    /// The state to list; null lists everything, open, then dead, then completed.
    /// </param>
    /// <param name="type">The type to list, or null for all.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="continuation">Where the page before ended, or null for the first page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<EventPage> ListAsync(
        EventState? state, string? type, int take, string? continuation, CancellationToken cancellationToken) =>
        LedgerListing.ReadAsync(table, state, type, take, continuation, cancellationToken);
}
