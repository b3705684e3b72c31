using Azure.Core;

namespace PointWebhooks.Storage;

/// <summary>
/// How patient the storage clients are. A sender is waiting while an event is stored, so a storage account that does not answer
/// must be found out in seconds; the clients' own default is more than five minutes.
/// </summary>
public static class StorageRetry
{
    /// <summary>Three tries of at most four seconds each, a fraction of a second apart.</summary>
    public static void Configure(RetryOptions retry)
    {
        retry.Mode = RetryMode.Exponential;
        retry.MaxRetries = 2;
        retry.Delay = TimeSpan.FromMilliseconds(200);
        retry.MaxDelay = TimeSpan.FromSeconds(1);
        retry.NetworkTimeout = TimeSpan.FromSeconds(4);
    }
}
