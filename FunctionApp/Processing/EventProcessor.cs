using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>
/// Processes one event: claim it, run the handlers that have not finished it yet, then complete it, try it again later, or give
/// it up. A message of an event that is finished or claimed by another does nothing: the claim, not the queue, decides who works.
/// </summary>
public sealed partial class EventProcessor(
    EventLedger ledger,
    HandlerRunner runner,
    RetryScheduler retries,
    Instruments instruments,
    TimeProvider time,
    ILogger<EventProcessor> logger)
{
    /// <summary>
    /// Processes the event of a queue message. A failed attempt is no exception: the ledger has it, and a new message follows.
    /// </summary>
    public async Task ProcessAsync(BinaryData queueMessage, CancellationToken cancellationToken)
    {
        var message = EventMessage.Parse(queueMessage);
        using var activity = PointActivity.StartProcessing(message.Type, message.IdempotencyKey, message.TraceParent);
        using var scope = logger.BeginEventScope(message.Type, message.IdempotencyKey);

        var claim = await ledger.ClaimAsync(message.IdempotencyKey, withBody: message.Body is null, cancellationToken);
        switch (claim.Outcome)
        {
            case ClaimOutcome.Claimed:
                using (var lease = claim.Lease!)
                    await ProcessAsync(lease, message.Body ?? lease.Event.Body ?? default, cancellationToken);
                break;
            case ClaimOutcome.Unknown:
                PointActivity.SetOutcome("unknown", isError: true);
                LogUnknown(message.IdempotencyKey);
                break;
            default:
                PointActivity.SetOutcome("nothing-to-do");
                LogNothingToDo(message.IdempotencyKey, claim.Outcome);
                break;
        }
    }

    private async Task ProcessAsync(EventLease lease, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await using var renewal = new LeaseRenewal(lease, time, cancellationToken);
        AttemptResult attempt;
        try
        {
            attempt = await runner.RunAsync(lease, body, renewal.Held);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The app is shutting down: not the event's fault, and so not an attempt.
            await lease.ReleaseAsync(CancellationToken.None);
            PointActivity.SetOutcome("released");
            throw;
        }

        if (attempt.Errors.Count > 0)
            await retries.FailAsync(lease, attempt.Error);
        else if (attempt.PermanentErrors.Count > 0 || lease.Event.GivenUp.Length > 0)
            await retries.DieAsync(lease, attempt.PermanentErrors.Count > 0 ? attempt.Error : lease.Event.LastError ?? "");
        else
            await CompleteAsync(lease, attempt.FinishedLast);
    }

    private async Task CompleteAsync(EventLease lease, string? finishedLast)
    {
        await lease.CompleteAsync(finishedLast, CancellationToken.None);
        var taken = lease.Event.DueAt - lease.Event.ReceivedAt;
        instruments.Completed(lease.Event.Type, taken);
        PointActivity.SetOutcome("completed");
        LogCompleted(lease.Event.Type, lease.Event.IdempotencyKey, taken.TotalSeconds);
    }

    [LoggerMessage(10, LogLevel.Information, "Completed {EventType} {IdempotencyKey}, {Seconds:0.000} s after its receipt.")]
    private partial void LogCompleted(string eventType, string idempotencyKey, double seconds);

    [LoggerMessage(12, LogLevel.Debug, "Nothing to do for event {IdempotencyKey}: {Outcome}.")]
    private partial void LogNothingToDo(string idempotencyKey, ClaimOutcome outcome);

    [LoggerMessage(
        16, LogLevel.Warning,
        "A message names event {IdempotencyKey}, which the ledger does not have: "
        + "it was removed after its retention, or the message is not this app's. Dropped.")]
    private partial void LogUnknown(string idempotencyKey);
}
