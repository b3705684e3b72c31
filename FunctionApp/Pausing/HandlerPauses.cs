using Microsoft.Extensions.Logging;
using PointWebhooks.Storage;

namespace PointWebhooks.Pausing;

/// <summary>
/// Which handlers are paused, as this instance knows it: read at most every 20 seconds while there is something to process, and anew
/// by each sweep of the relay and after a pause or resume.
/// While storage does not answer, what was known last holds.
/// </summary>
internal sealed partial class HandlerPauses(PauseStore store, TimeProvider time, ILogger<HandlerPauses> logger)
{
    // With the time of the reading, well below the minute in which every instance obeys.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);

    // What does not answer must not cost each event its time.
    private static readonly TimeSpan LifetimeAfterFailure = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4);

    private readonly Lock reads = new();
    private IReadOnlyDictionary<string, HandlerPause>? known;
    private long knownAt;
    private long heldSince;
    private TimeSpan lifetime;
    private Task<IReadOnlyDictionary<string, HandlerPause>>? reading;

    /// <summary>Whether a handler is paused.</summary>
    public async Task<bool> IsPausedAsync(string handler) => (await KnownAsync()).ContainsKey(handler);

    /// <summary>The paused handlers by name, not older than 20 seconds unless storage fails.</summary>
    /// <exception cref="Azure.RequestFailedException">Storage failed, and nothing was known before.</exception>
    /// <exception cref="TimeoutException">Storage did not answer, and nothing was known before.</exception>
    public Task<IReadOnlyDictionary<string, HandlerPause>> KnownAsync() => ReadAsync(isFresh: false);

    /// <summary>The paused handlers by name, as they are now unless storage fails.</summary>
    /// <exception cref="Azure.RequestFailedException">Storage failed, and nothing was known before.</exception>
    /// <exception cref="TimeoutException">Storage did not answer, and nothing was known before.</exception>
    public Task<IReadOnlyDictionary<string, HandlerPause>> NowAsync() => ReadAsync(isFresh: true);

    private Task<IReadOnlyDictionary<string, HandlerPause>> ReadAsync(bool isFresh)
    {
        lock (reads)
        {
            if (!isFresh && known is not null && time.GetElapsedTime(heldSince) < lifetime)
                return Task.FromResult(known);
            // One reading serves all who ask meanwhile, but for those who want to know what was written since it began.
            if (isFresh || reading is null or { IsCompleted: true })
                reading = ReadAsync();
            return reading;
        }
    }

    private async Task<IReadOnlyDictionary<string, HandlerPause>> ReadAsync()
    {
        var begun = time.GetTimestamp();
        try
        {
            return Know(await store.ReadAsync(Budget, CancellationToken.None), begun);
        }
        catch (Exception e) when (StorageFailure.Is(e) && known is not null)
        {
            LogNotRead(e);
            return KeepKnown();
        }
    }

    // What a reading that began later has found stands.
    private IReadOnlyDictionary<string, HandlerPause> Know(IReadOnlyDictionary<string, HandlerPause> pauses, long begun)
    {
        lock (reads)
        {
            if (known is null || begun >= knownAt)
                (known, knownAt, heldSince, lifetime) = (pauses, begun, begun, Lifetime);
            return known;
        }
    }

    private IReadOnlyDictionary<string, HandlerPause> KeepKnown()
    {
        lock (reads)
        {
            (heldSince, lifetime) = (time.GetTimestamp(), LifetimeAfterFailure);
            return known!;
        }
    }

    [LoggerMessage(72, LogLevel.Warning, "Which handlers are paused could not be read; what was known last holds.")]
    private partial void LogNotRead(Exception exception);
}
