using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>The result of a replay of dead events.</summary>
/// <param name="Replayed">How many are open again.</param>
/// <param name="Skipped">How many were replayed by another request meanwhile.</param>
/// <param name="Unknown">Of how many it is not known, because storage did not answer in time; the rest was left.</param>
/// <param name="More">Whether there are events beyond those that were looked at.</param>
/// <param name="Continuation">What to go on with then, or null.</param>
internal sealed record ReplayReport(int Replayed, int Skipped, int Unknown, bool More, string? Continuation);

/// <summary>Replays dead events, a few at once.</summary>
internal sealed class DeadReplays(EventOperations events, AnswerDeadline deadline)
{
    private const int Parallelism = 8;

    /// <summary>Replays those of a query, latest first.</summary>
    /// <param name="by">Who asks for it, or null where that is not known.</param>
    public async Task<ReplayReport> ReplayAsync(EventQuery query, string? by, CancellationToken cancellationToken) =>
        await ReplayAsync(query, await events.ListAsync(query, cancellationToken), by, isAwaited: false, cancellationToken);

    /// <summary>Replays the dead events of a page.</summary>
    /// <param name="query">What the page was asked for with.</param>
    /// <param name="by">Who asks for it, or null where that is not known.</param>
    /// <param name="isAwaited">Whether somebody waits for the answer: each few of them then have its time before the rest is left.</param>
    public async Task<ReplayReport> ReplayAsync(
        EventQuery query, EventPage dead, string? by, bool isAwaited, CancellationToken cancellationToken)
    {
        var (replayed, lookedAt) = (0, 0);
        foreach (var batch in dead.Events.Chunk(Parallelism))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var replaying = batch.Select(one => ReplayAsync(one, by, cancellationToken)).ToList();
            if (!await AllEndAsync(replaying, isAwaited))
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
    private async Task<bool> AllEndAsync(IReadOnlyList<Task<bool>> replaying, bool isAwaited)
    {
        var all = Task.WhenAll(replaying);
        return (isAwaited ? await deadline.WithinAsync(deadline.Begin(), () => all) : await all) is not null;
    }

    private async Task<bool> ReplayAsync(EventSummary dead, string? by, CancellationToken cancellationToken) =>
        await events.ReplayAsync(await events.FindAsync(dead.Id, withBody: false, cancellationToken), new Replay(By: by))
            is { Outcome: ChangeOutcome.Replayed };
}
