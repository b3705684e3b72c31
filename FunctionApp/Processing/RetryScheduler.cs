using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>What follows a failed attempt: another one, after a pause, or the end.</summary>
public sealed partial class RetryScheduler(
    RetrySchedule schedule, EventQueues queues, Instruments instruments, ILogger<RetryScheduler> logger)
{
    /// <summary>Records a failed attempt and sends the message of the next one; an event that has had its last is dead.</summary>
    public async Task FailAsync(EventLease lease, string error)
    {
        if (schedule.PauseAfter(lease.Event.Attempts + 1) is not { } pause)
        {
            await DieAsync(lease, error);
            return;
        }

        // The ledger first: should the message get lost, the relay sends another one.
        await lease.RetryAsync(error, pause, CancellationToken.None);
        PointActivity.SetOutcome("retrying", isError: true);
        instruments.Retried(lease.Event.Type);
        LogRetry(lease.Event.IdempotencyKey, lease.Event.Attempts, pause.TotalSeconds);
        try
        {
            await queues.SendAsync(EventMessage.Of(lease.Event), pause, CancellationToken.None);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogNotQueued(e, lease.Event.IdempotencyKey);
        }
    }

    /// <summary>Records a failed attempt as the last one.</summary>
    public async Task DieAsync(EventLease lease, string error)
    {
        await lease.DieAsync(error, CancellationToken.None);
        PointActivity.SetOutcome("dead", isError: true);
        instruments.Dead(lease.Event.Type);
        LogDead(lease.Event.IdempotencyKey, lease.Event.Type, lease.Event.Attempts, error);
    }

    [LoggerMessage(13, LogLevel.Warning, "Attempt {Attempt} of event {IdempotencyKey} failed; the next one follows in {Seconds:0} s.")]
    private partial void LogRetry(string idempotencyKey, int attempt, double seconds);

    [LoggerMessage(
        14, LogLevel.Error,
        "Event {IdempotencyKey} of type {EventType} is dead after {Attempts} attempts: {Error}. Replay it when the cause is mended.")]
    private partial void LogDead(string idempotencyKey, string eventType, int attempts, string error);

    [LoggerMessage(15, LogLevel.Warning, "The next attempt of event {IdempotencyKey} could not be queued; the relay will send it.")]
    private partial void LogNotQueued(Exception exception, string idempotencyKey);
}
