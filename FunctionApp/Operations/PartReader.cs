using Microsoft.Extensions.Logging;
using PointWebhooks.Storage;

namespace PointWebhooks.Operations;

/// <summary>
/// Reads the parts of an answer to an operator, each within a time limit of its own: one that does not answer must not hide the rest.
/// </summary>
internal sealed partial class PartReader(TimeProvider time, ILogger<PartReader> logger)
{
    // An operator is waiting; the storage clients themselves would try for longer.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Reads a part; null when it is not known just now, which is then noted.</summary>
    /// <param name="unknown">Where that is noted.</param>
    public async Task<T?> ReadAsync<T>(
        string part, Func<CancellationToken, Task<T?>> read, List<UnknownPart> unknown, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // What is not to be cancelled, such as a repair on the way, goes on without being waited for.
            return await read(either.Token).WaitAsync(either.Token);
        }
        catch (Exception e) when ((StorageFailure.Is(e) || e is OperationCanceledException) && !cancellationToken.IsCancellationRequested)
        {
            LogUnknown(e, part);
            var why = e is OperationCanceledException or TimeoutException
                ? "The storage account did not answer in time."
                : "The storage account failed. See the application log.";
            lock (unknown)
                unknown.Add(new UnknownPart(part, why));
            return default;
        }
    }

    [LoggerMessage(73, LogLevel.Warning, "The status of {Part} is unavailable.")]
    private partial void LogUnknown(Exception exception, string part);
}
