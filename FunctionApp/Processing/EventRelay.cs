using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>
/// Looks after open events for which nothing happens any more: received but never queued, their message lost, their processor
/// gone. It reads the index of open events alone, so that its cost depends on what is open, not on what the ledger holds.
/// </summary>
public sealed partial class EventRelay(
    EventLedger ledger, EventQueues queues, RetryScheduler retries, Instruments instruments, TimeProvider time, ILogger<EventRelay> logger)
{
    /// <summary>
    /// How long at least between two messages that the relay sends for one event: a backlog that just waits must not be
    /// multiplied.
    /// </summary>
    public static readonly TimeSpan MessageInterval = TimeSpan.FromHours(1);

    private const int Parallelism = 8;
    private const int MaxFailures = 20;

    /// <summary>Sends every overdue event to its queue again, and fails the attempt of every processor that is gone.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var open = await ledger.OpenAsync(cancellationToken);
        instruments.Open(open.Count, open.OldestReceivedAt is { } oldest ? time.GetUtcNow() - oldest : TimeSpan.Zero);

        var failures = 0;
        await Parallel.ForEachAsync(
            open.Overdue,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (overdue, token) =>
            {
                try
                {
                    await RelayAsync(overdue.IdempotencyKey, token);
                }
                // One event must not keep the others waiting; a storage that is down may.
                catch (Exception e) when (
                    StorageFailure.Is(e) && !token.IsCancellationRequested && Interlocked.Increment(ref failures) < MaxFailures)
                {
                    LogNotRelayed(e, overdue.IdempotencyKey);
                }
            });
    }

    private async Task RelayAsync(string idempotencyKey, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(idempotencyKey, withBody: false, cancellationToken) is not { } overdue || !ledger.IsOverdue(overdue))
            return;

        using var scope = logger.BeginEventScope(overdue.Type, idempotencyKey);
        if (overdue.State == EventState.Processing)
        {
            await FailGoneProcessorAsync(idempotencyKey, cancellationToken);
            return;
        }

        // Sent before it is recorded: a crash in between costs one message too many, not an hour.
        await queues.SendAsync(EventMessage.Of(overdue), delay: null, cancellationToken);
        instruments.Relayed(overdue.Type);
        LogRelayed(overdue.Type, idempotencyKey, overdue.State);
        await ledger.PostponeAsync(overdue, MessageInterval, cancellationToken);
    }

    // An event that brings its processor down each time must not do so for ever: the lost lease is a failed attempt.
    private async Task FailGoneProcessorAsync(string idempotencyKey, CancellationToken cancellationToken)
    {
        if ((await ledger.ClaimAsync(idempotencyKey, withBody: false, cancellationToken)).Lease is not { } lease)
            return;
        using (lease)
            await retries.FailAsync(lease, "The processor was gone before it had finished.");
    }

    [LoggerMessage(60, LogLevel.Warning, "Sent overdue {EventType} {IdempotencyKey} ({State}) to its queue again.")]
    private partial void LogRelayed(string eventType, string idempotencyKey, EventState state);

    [LoggerMessage(61, LogLevel.Warning, "Overdue event {IdempotencyKey} could not be sent to its queue; the next sweep tries again.")]
    private partial void LogNotRelayed(Exception exception, string idempotencyKey);
}
