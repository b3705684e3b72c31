namespace PointWebhooks.Ledger;

/// <summary>
/// The right to work on one event, for <see cref="EventLedger.LeaseTime"/> unless renewed. Everything a processor does to an
/// event goes through its lease, so that nobody writes who no longer holds it: then each call throws
/// <see cref="LeaseLostException"/>.
/// </summary>
public sealed class EventLease : IDisposable
{
    private readonly EventLedger ledger;
    // A renewal may meet a step of the processor: each write must start from the version the one before left.
    private readonly SemaphoreSlim writing = new(1);

    internal EventLease(EventLedger ledger, LedgerEvent claimed)
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

    /// <summary>Gives the event back after a failed attempt.</summary>
    public Task RetryAsync(string error, CancellationToken cancellationToken) =>
        WriteAsync(
            held =>
            {
                var now = ledger.Now;
                var failed = held with
                {
                    State = EventState.Retrying,
                    DueAt = now + EventLedger.PickUpTime,
                    Attempts = held.Attempts + 1,
                    LastError = error,
                };
                return failed.Noting(now, error);
            },
            cancellationToken);

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

    private LedgerEvent Done(LedgerEvent held, string handler) =>
        (held with { Done = held.Done.Add(handler) }).Noting(ledger.Now, handler);

    private async Task WriteAsync(Func<LedgerEvent, LedgerEvent> change, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            Event = await ledger.MoveAsync(Event, change(Event), cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }
}
