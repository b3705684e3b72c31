using System.Collections.Immutable;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>
/// The right to work on one event. It is renewed in the background until it is given back; its holder is told through
/// <see cref="Held"/> before another processor may claim the event, also when storage does not answer. Everything a processor does to an
/// event goes through its lease, so that only its holder writes: else each call throws
/// <see cref="LeaseLostException"/>, and a lease that was given back writes nothing any more.
/// </summary>
internal sealed class EventLease : IAsyncDisposable
{
    private static readonly TimeSpan RenewalInterval = EventLedger.LeaseTime / 3;

    // For clocks of instances that differ, and for a handler that needs a moment to stop.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly LedgerWriter writer;
    private readonly CancellationTokenSource held;
    private readonly CancellationTokenSource lost;
    private readonly CancellationTokenSource ended = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly Task renewing;
    private ImmutableArray<string> running = [];
    private ImmutableArray<string> paused = [];

    /// <param name="stopping">Cancelled when the app shuts down.</param>
    public EventLease(LedgerWriter writer, LedgerEvent claimed, TimeProvider time, CancellationToken stopping)
    {
        this.writer = writer;
        Event = claimed;
        lost = new CancellationTokenSource(HeldFor(claimed), time);
        held = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, stopping);
        Held = held.Token;
        renewing = RenewAsync(time);
    }

    /// <summary>The event, with what is recorded and goes out with the next write.</summary>
    public LedgerEvent Event { get; private set; }

    /// <summary>Cancelled when the app shuts down, and some seconds before another processor may claim the event.</summary>
    public CancellationToken Held { get; }

    /// <summary>Whether another processor is known to have the event.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>The handlers that would run now and are paused.</summary>
    public IReadOnlyList<string> Paused => paused;

    /// <summary>Says which handlers run now, so that the record of the last one can be one write with what follows it.</summary>
    public void Run(IEnumerable<string> handlers) => running = [.. handlers];

    /// <summary>Records that a handler has finished and will not be run again for this event.</summary>
    /// <param name="effect">What it has done, in a few words, or null.</param>
    /// <param name="link">Where a person can see that, or null.</param>
    /// <param name="took">How long it took, or null.</param>
    public Task RecordDoneAsync(string handler, string? effect = null, Uri? link = null, TimeSpan? took = null) => RecordAsync(
        handler,
        held => held with { Done = held.Done.Add(handler) },
        effect is null ? handler : $"{handler}: {effect}",
        took,
        link);

    /// <summary>Records that a handler will not be run again for this event unless it is replayed.</summary>
    public Task RecordGivenUpAsync(string handler, string error, TimeSpan? took = null) => RecordAsync(
        handler,
        held => held with { GivenUp = held.GivenUp.Add(handler), LastError = $"{handler}: {error}" },
        GaveUpStep.Of(handler, error),
        took);

    /// <summary>Says that a handler has failed and will run again: nothing of it is recorded but what follows the attempt.</summary>
    public void RecordFailed(string handler) => Ended(handler);

    /// <summary>Says that a handler is not run now, because it is paused.</summary>
    public void RecordPaused(string handler)
    {
        ImmutableInterlocked.Update(ref paused, (waiting, one) => waiting.Add(one), handler);
        Ended(handler);
    }

    public Task CompleteAsync() => EndAsync(
        (held, now) => held with { State = EventState.Completed, FinishedAt = now, WaitsFor = [] }, null);

    /// <summary>
    /// Gives the event back to wait for the handlers that are paused, when there is nothing else to do: no attempt is counted, and the
    /// pause of a failed one does not go on.
    /// </summary>
    /// <param name="look">When the relay is to look at it, though no handler was resumed before.</param>
    public Task WaitAsync(TimeSpan look) => EndAsync(
        (held, now) => Untried(held) with { WaitsFor = paused, NotBefore = null, CheckAt = LedgerWriter.Rounded(now + look) },
        WaitStep.Of(paused));

    /// <summary>Gives the event back after a failed attempt; the next one follows after a pause.</summary>
    /// <param name="isRelayed">Whether the relay sends its message when the pause is over, or only when another one got lost.</param>
    public Task RetryAsync(string error, TimeSpan pause, bool isRelayed = false) => EndAsync(
        (held, now) => Failed(held, error) with
        {
            State = EventState.Retrying,
            CheckAt = LedgerWriter.Rounded(now + pause + (isRelayed ? Margin : EventLedger.PickUpTime)),
            NotBefore = LedgerWriter.Rounded(now + pause),
            WaitsFor = [],
        },
        error);

    /// <summary>Gives the event up after a failed attempt that was the last.</summary>
    public Task DieAsync(string error) => EndAsync(
        (held, now) => Failed(held, error) with { State = EventState.Dead, FinishedAt = now, WaitsFor = [] }, error);

    /// <summary>Gives the event back untried, as at a shutdown: no attempt is counted.</summary>
    public Task ReleaseAsync() => EndAsync((held, _) => Untried(held), "released");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ended.Cancel();
        await renewing;
        held.Dispose();
        lost.Dispose();
        ended.Dispose();
        writing.Dispose();
    }

    private static LedgerEvent Untried(LedgerEvent held) =>
        held with { State = held.Attempts == 0 ? EventState.Received : EventState.Retrying };

    private static LedgerEvent Failed(LedgerEvent held, string error) => held with { Attempts = held.Attempts + 1, LastError = error };

    private TimeSpan HeldFor(LedgerEvent claimed)
    {
        var left = claimed.LeaseUntil!.Value - Margin - writer.Now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task RecordAsync(string handler, Func<LedgerEvent, LedgerEvent> change, string detail, TimeSpan? took, Uri? link = null)
    {
        await writing.WaitAsync();
        try
        {
            Ended(handler);
            Event = change(Event).Noting(writer.Now, detail, link?.AbsoluteUri, took: took);
            // Nothing else runs, so what ends the attempt follows at once and writes this with it.
            if (running.Length > 0)
                await WriteAsync(Event);
        }
        catch (LeaseLostException)
        {
            // What runs beside it need not go on.
            Lose();
            throw;
        }
        finally
        {
            writing.Release();
        }
    }

    private void Lose()
    {
        IsTaken = true;
        lost.Cancel();
    }

    // Handlers that run side by side end on any thread.
    private void Ended(string handler) => ImmutableInterlocked.Update(ref running, (still, ended) => still.Remove(ended), handler);

    private async Task EndAsync(Func<LedgerEvent, DateTimeOffset, LedgerEvent> change, string? detail)
    {
        ended.Cancel();
        await writing.WaitAsync();
        try
        {
            var now = writer.Now;
            await WriteAsync((change(Event, now) with { LeaseOwner = null, LeaseUntil = null }).Noting(now, detail));
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task RenewAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(RenewalInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended.Token))
                await RenewAsync();
        }
        catch (OperationCanceledException)
        {
            // Given back.
        }
        catch (LeaseLostException)
        {
            Lose();
        }
    }

    private async Task RenewAsync()
    {
        await writing.WaitAsync();
        try
        {
            if (ended.IsCancellationRequested)
                return;
            await WriteAsync(Event with { LeaseUntil = writer.Now + EventLedger.LeaseTime });
            lost.CancelAfter(HeldFor(Event));
        }
        // The next may succeed: a refusal may last a moment, and a handler that does not hear Held goes on working. If none does, the timer of
        // Held tells its holder.
        catch (Exception e) when (StorageFailure.Is(e))
        {
        }
        finally
        {
            writing.Release();
        }
    }

    // A handler's effect that is not recorded would be repeated: a write is tried as long as the lease lasts, and also after its end,
    // since it fails by itself when another processor has claimed the event.
    private async Task WriteAsync(LedgerEvent change)
    {
        if (Event.LeaseUntil is not { } until)
            throw new LeaseLostException(Event.Id);
        var left = until - writer.Now;
        try
        {
            Event = await writer.ChangeAsync(Event, change, left > LedgerWriter.ChangeBudget ? left : LedgerWriter.ChangeBudget);
        }
        catch (LeaseLostException)
        {
            // Maybe to nobody but an own write before it, which was carried out and never answered.
            if (await writer.VersionOfHolderAsync(Event) is not { } version)
                throw;
            Event = Event with { ETag = version };
            Event = await writer.ChangeAsync(Event, change, LedgerWriter.ChangeBudget);
        }
    }
}
