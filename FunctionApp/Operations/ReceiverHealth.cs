using PointWebhooks.Receiving;
using PointWebhooks.Signatures;
using PointWebhooks.Storage;

namespace PointWebhooks.Operations;

/// <summary>Whether an event that is sent now would be kept.</summary>
internal sealed class ReceiverHealth(PointTable table, SignatureKeys keys, Quarantine quarantine, TimeProvider time)
{
    // The check is open to everybody: it must not be a way to cause storage calls, nor a queue of callers that wait.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    // A key that is asked for may take longer to fail than a check may take: what comes meanwhile is quarantined.
    private static readonly TimeSpan KeyLimit = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<bool>? checking;
    private DateTimeOffset checkedAt;

    /// <summary>
    /// Checks storage and the signature key, or the room in the quarantine. Requests while a check runs, and within 5 seconds after its
    /// end, share its answer. A check takes at most 3 seconds.
    /// </summary>
    public Task<bool> IsHealthyAsync()
    {
        lock (gate)
        {
            if (checking is null || (checking.IsCompleted && time.GetUtcNow() - checkedAt > Lifetime))
                checking = CheckAsync();
            return checking;
        }
    }

    private async Task<bool> CheckAsync()
    {
        bool healthy;
        try
        {
            healthy = await ReceivesAsync().WaitAsync(Limit, time);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            healthy = false;
        }

        lock (gate)
            checkedAt = time.GetUtcNow();
        return healthy;
    }

    private async Task<bool> ReceivesAsync()
    {
        await table.FindAsync(new RowAddress("health", "health"), ["RowKey"], Limit);
        try
        {
            await keys.GetAsync().WaitAsync(KeyLimit, time);
            return true;
        }
        catch (Exception e) when (e is SignatureKeyUnavailableException or TimeoutException)
        {
            return await quarantine.HasRoomAsync();
        }
    }
}
