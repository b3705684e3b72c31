using PointWebhooks.Ledger;
using PointWebhooks.Registration;
using PointWebhooks.Storage;

namespace PointWebhooks.Receiving;

/// <summary>Whether an event that is sent now would be kept.</summary>
public sealed class ReceiverHealth(EventLedger ledger, SignatureKeys keys, Quarantine quarantine, TimeProvider time) : IDisposable
{
    // The check is open to everybody: it must not become a way to make storage calls.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim checking = new(1);
    private (DateTimeOffset At, bool Healthy)? last;

    /// <summary>
    /// Checks the storage and the signature key, or the room in the quarantine; an answer of the last few seconds counts.
    /// </summary>
    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        await checking.WaitAsync(cancellationToken);
        try
        {
            if (last is not { } known || time.GetUtcNow() - known.At > Lifetime)
                last = known = (time.GetUtcNow(), await CheckAsync(cancellationToken));
            return known.Healthy;
        }
        finally
        {
            checking.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => checking.Dispose();

    private async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ledger.FindAsync("health", withBody: false, cancellationToken);
            return await HasKeyAsync() || await quarantine.HasRoomAsync(cancellationToken);
        }
        catch (Exception e) when (StorageFailure.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> HasKeyAsync()
    {
        try
        {
            await keys.GetAsync();
            return true;
        }
        catch (SignatureKeyUnavailableException)
        {
            return false;
        }
    }
}
