namespace PointWebhooks.Ledger;

/// <summary>
/// The right to work on one event, for <see cref="EventLedger.LeaseTime"/> unless renewed. Everything a processor does to an
/// event goes through its lease, so that nobody writes who no longer holds it: then each call throws
/// <see cref="LeaseLostException"/>.
/// </summary>
public sealed class EventLease : IDisposable
{
    private readonly LedgerWriter ledger;
    // A renewal may meet a step of the processor: each write must start from the version the one before left.
    private readonly SemaphoreSlim writing = new(1);

    internal EventLease(LedgerWriter ledger, LedgerEvent claimed)
    {
        this.ledger = ledger;
        Event = claimed;
    }

    /// <summary>The event as of the last write.</summary>
    public LedgerEvent Event { get; private set; }

    /// <summary>Keeps the event for another lease time.</summary>
    public Task RenewAsync(CancellationToken cancellationToken) =>
        WriteAsync(held => held with { DueAt = ledger.Now + EventLedger.LeaseTime }, cancellationToken);

    /// <summary>Records that a handler has finished and will not be run again for this event.</summary>
    public Task RecordDoneAsync(string handler, CancellationToken cancellationToken) =>
        WriteAsync(held => Done(held, handler), cancellationToken);

    /// <summary>Completes the event, with the handler that finished last if it is not recorded yet.</summary>
    public Task CompleteAsync(string? lastHandler, CancellationToken cancellationToken) =>
        WriteAsync(
            held =>
            {
                var now = ledger.Now;
                var done = lastHandler is null ? held : Done(held, lastHandler);
                return (done with { State = EventState.Completed, DueAt = now, CompletedAt = now }).Noting(now);
            },
            cancellationToken);

    /// <summary>Records that a handler will not be run again for this event unless it is replayed.</summary>
    public Task RecordGivenUpAsync(string handler, string error, CancellationToken cancellationToken) =>
        WriteAsync(
            held => (held with { GivenUp = held.GivenUp.Add(handler), LastError = $"{handler}: {error}" })
                .Noting(ledger.Now, $"{handler} gave up: {error}"),
            cancellationToken);

    /// <summary>Gives the event back after a failed attempt; the next one follows after a pause.</summary>
    public Task RetryAsync(string error, TimeSpan pause, CancellationToken cancellationToken) =>
        FailAsync(EventState.Retrying, error, pause, EventLedger.PickUpTime, cancellationToken);

    /// <summary>Gives the event up after a failed attempt that was the last.</summary>
    public Task DieAsync(string error, CancellationToken cancellationToken) =>
        FailAsync(EventState.Dead, error, TimeSpan.Zero, TimeSpan.Zero, cancellationToken);

    /// <summary>Gives the event back untried, as at a shutdown: no attempt is counted.</summary>
    public Task ReleaseAsync(CancellationToken cancellationToken) =>
        WriteAsync(
            held =>
            {
                var now = ledger.Now;
                var released = held with { State = held.Attempts == 0 ? EventState.Received : EventState.Retrying, DueAt = now };
                return released.Noting(now, "released");
            },
            cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => writing.Dispose();

    private Task FailAsync(EventState state, string error, TimeSpan pause, TimeSpan pickUp, CancellationToken cancellationToken) =>
        WriteAsync(
            held =>
            {
                var now = ledger.Now;
                var failed = held with
                {
                    State = state,
                    DueAt = LedgerWriter.Rounded(now + pause + pickUp),
                    NotBefore = LedgerWriter.Rounded(now + pause),
                    Attempts = held.Attempts + 1,
                    LastError = error,
                };
                return failed.Noting(now, error);
            },
            cancellationToken);

    private LedgerEvent Done(LedgerEvent held, string handler) =>
        (held with { Done = held.Done.Add(handler) }).Noting(ledger.Now, handler);

    private async Task WriteAsync(Func<LedgerEvent, LedgerEvent> change, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            // As long as the lease lasts it is worth trying: a handler's effect that is not recorded would be repeated.
            Event = await ledger.MoveAsync(Event, change(Event), tryUntil: Event.DueAt, cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }
}
