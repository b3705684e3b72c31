using Azure;
using Azure.Identity;

namespace PointWebhooks.Storage;

/// <summary>Tells failures of the storage account, or of signing in to it, from mistakes of this app.</summary>
internal static class StorageFailure
{
    /// <summary>Whether an exception means that storage could not do its part.</summary>
    public static bool Is(Exception exception) =>
        exception is RequestFailedException or AuthenticationFailedException or TimeoutException or IOException
        // What the clients throw when every one of their retries failed.
        || (exception is AggregateException all && all.InnerExceptions.All(Is));
}
