using Microsoft.Extensions.Logging;
using PointWebhooks.Storage;

namespace PointWebhooks.Operations;

/// <summary>
/// How long somebody who has pressed a button waits for the answer. A write is never cancelled for it, because then nobody would know whether
/// it took effect: it goes on, and the answer says that it is not known yet.
/// </summary>
internal sealed partial class AnswerDeadline(TimeProvider time, ILogger<AnswerDeadline> logger)
{
    /// <summary>From the request to its answer; for each few events of many.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Now, to be measured from.</summary>
    public long Begin() => time.GetTimestamp();

    /// <summary>What a change comes to, or null when storage has not said so by the deadline, or failed.</summary>
    /// <param name="begun">When the request began.</param>
    public async Task<T?> WithinAsync<T>(long begun, Func<Task<T>> change) where T : class
    {
        var left = Limit - time.GetElapsedTime(begun);
        var changing = change();
        try
        {
            return await changing.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogUnsure(e);
            // What comes of it later, nobody awaits.
            _ = changing.ContinueWith(
                late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return null;
        }
    }

    [LoggerMessage(79, LogLevel.Warning, "Storage did not say in time whether a change that an operator asked for took effect.")]
    private partial void LogUnsure(Exception exception);
}
