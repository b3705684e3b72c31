using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;

namespace PointWebhooks.Operations;

/// <summary>The result of a replay of dead events.</summary>
/// <param name="Replayed">How many are open again.</param>
/// <param name="Skipped">How many were replayed by another request meanwhile.</param>
/// <param name="Unknown">Of how many it is not known, because storage did not answer in time; the rest was left.</param>
/// <param name="More">Whether there are events beyond those that were looked at.</param>
/// <param name="Continuation">What to go on with then, or null.</param>
internal sealed record ReplayReport(int Replayed, int Skipped, int Unknown, bool More, string? Continuation);

/// <summary>Replays dead events, a few at once.</summary>
internal sealed partial class DeadReplays(EventOperations events, TimeProvider time, ILogger<DeadReplays> logger)
{
    private const int Parallelism = 8;

    /// <summary>Replays those of a query, latest first.</summary>
    /// <param name="by">Who asks for it, or null where that is not known.</param>
    public async Task<ReplayReport> ReplayAsync(EventQuery query, string? by, CancellationToken cancellationToken) =>
        await ReplayAsync(query, await events.ListAsync(query, cancellationToken), by, patience: null, cancellationToken);

    /// <summary>Replays the dead events of a page.</summary>
    /// <param name="query">What the page was asked for with.</param>
    /// <param name="by">Who asks for it, or null where that is not known.</param>
    /// <param name="patience">How long each few of them may take before the rest is left; null for as long as storage is tried.</param>
    public async Task<ReplayReport> ReplayAsync(
        EventQuery query, EventPage dead, string? by, TimeSpan? patience, CancellationToken cancellationToken)
    {
        var (replayed, lookedAt) = (0, 0);
        foreach (var batch in dead.Events.Chunk(Parallelism))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var replaying = batch.Select(one => ReplayAsync(one, by, cancellationToken)).ToList();
            if (!await AllEndAsync(replaying, patience))
            {
                var known = replaying.Where(one => one.IsCompletedSuccessfully).ToList();
                replayed += known.Count(one => one.Result);
                return new ReplayReport(
                    replayed, lookedAt + known.Count - replayed, batch.Length - known.Count, More: true, query.Continuation);
            }

            replayed += replaying.Count(one => one.Result);
            lookedAt += batch.Length;
        }

        return new ReplayReport(replayed, lookedAt - replayed, 0, dead.Continuation is not null, dead.Continuation);
    }

    // Whether all end well within their time. Nothing is cancelled: what was begun may still take effect.
    private async Task<bool> AllEndAsync(IReadOnlyList<Task> replaying, TimeSpan? patience)
    {
        var all = Task.WhenAll(replaying);
        if (patience is not { } longest)
        {
            await all;
            return true;
        }

        try
        {
            await all.WaitAsync(longest, time);
            return true;
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogReplayUnknown(e);
            _ = all.ContinueWith(
                late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return false;
        }
    }

    private async Task<bool> ReplayAsync(EventSummary dead, string? by, CancellationToken cancellationToken) =>
        await events.ReplayAsync(await events.FindAsync(dead.Id, withBody: false, cancellationToken), new Replay(By: by))
            is { Outcome: ChangeOutcome.Replayed };

    [LoggerMessage(81, LogLevel.Warning, "Storage did not say in time whether events were replayed; the rest is left.")]
    private partial void LogReplayUnknown(Exception exception);
}
