using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Operations;

/// <summary>Has finished events processed again (redrive).</summary>
public sealed partial class EventReplay(EventLedger ledger, EventQueues queues, ILogger<EventReplay> logger)
{
    private const int Parallelism = 8;

    /// <summary>Replays one event.</summary>
    /// <param name="idempotencyKey">Its key.</param>
    /// <param name="completedToo">Whether to do so although it is completed: then every handler runs again.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <returns>What came of it, or null when the ledger does not know the event.</returns>
    public async Task<ReplayAnswer?> ReplayAsync(string idempotencyKey, bool completedToo, CancellationToken cancellationToken)
    {
        var (outcome, known) = await ledger.ReplayAsync(idempotencyKey, completedToo, cancellationToken);
        if (known is null)
            return null;
        if (outcome == ReplayOutcome.Replayed)
            await EnqueueAsync(known, cancellationToken);
        return new ReplayAnswer(outcome, idempotencyKey, known.State);
    }

    /// <summary>Replays dead events, latest first.</summary>
    /// <param name="type">Their type, or null for all.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public async Task<ReplayReport> ReplayDeadAsync(string? type, int take, CancellationToken cancellationToken)
    {
        var dead = await ledger.ListAsync(EventState.Dead, type, take, continuation: null, cancellationToken);
        var replayed = 0;
        await Parallel.ForEachAsync(
            dead.Events,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (one, token) =>
            {
                if (await ReplayAsync(one.IdempotencyKey, completedToo: false, token) is { Outcome: ReplayOutcome.Replayed })
                    Interlocked.Increment(ref replayed);
            });
        return new ReplayReport(replayed, dead.Events.Count - replayed, dead.Continuation is not null);
    }

    private async Task EnqueueAsync(LedgerEvent reopened, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginEventScope(reopened.Type, reopened.IdempotencyKey);
        LogReplayed(reopened.Type, reopened.IdempotencyKey);
        try
        {
            await queues.SendAsync(EventMessage.Of(reopened), delay: null, cancellationToken);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogNotQueued(e, reopened.IdempotencyKey);
        }
    }

    [LoggerMessage(71, LogLevel.Information, "Replaying {EventType} {IdempotencyKey}.")]
    private partial void LogReplayed(string eventType, string idempotencyKey);

    [LoggerMessage(72, LogLevel.Warning, "Event {IdempotencyKey} is to be replayed but could not be queued; the relay will send it.")]
    private partial void LogNotQueued(Exception exception, string idempotencyKey);
}
