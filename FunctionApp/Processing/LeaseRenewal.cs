using PointWebhooks.Ledger;
using PointWebhooks.Storage;

namespace PointWebhooks.Processing;

/// <summary>Keeps a lease while its holder works, and tells the holder to stop when it is lost.</summary>
internal sealed class LeaseRenewal : IAsyncDisposable
{
    private static readonly TimeSpan Interval = EventLedger.LeaseTime / 3;

    private readonly CancellationTokenSource held;
    private readonly CancellationTokenSource finished = new();
    private readonly Task renewing;

    public LeaseRenewal(EventLease lease, TimeProvider time, CancellationToken stopping)
    {
        held = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        renewing = RenewAsync(lease, time);
    }

    /// <summary>Cancelled when the app stops or the lease is lost.</summary>
    public CancellationToken Held => held.Token;

    public async ValueTask DisposeAsync()
    {
        await finished.CancelAsync();
        await renewing;
        finished.Dispose();
        held.Dispose();
    }

    private async Task RenewAsync(EventLease lease, TimeProvider time)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(finished.Token))
                await lease.RenewAsync(finished.Token);
        }
        catch (OperationCanceledException) when (finished.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is LeaseLostException || StorageFailure.Is(e))
        {
            await held.CancelAsync();
        }
    }
}
