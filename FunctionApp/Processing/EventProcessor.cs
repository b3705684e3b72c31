using Microsoft.Extensions.Logging;
using PointWebhooks.Events;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>
/// Processes one event: claim it, run the handlers that have not finished it yet, record each, complete it. A message of an event
/// that is finished or claimed by another does nothing: the claim, not the queue, decides who works.
/// </summary>
public sealed partial class EventProcessor(
    EventLedger ledger,
    EventHandlers handlers,
    Instruments instruments,
    TimeProvider time,
    ILogger<EventProcessor> logger)
{
    /// <summary>Processes the event of a queue message.</summary>
    /// <exception cref="EventProcessingException">A handler failed: the message is to be delivered again.</exception>
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
                throw new EventProcessingException($"The ledger does not know the event '{message.IdempotencyKey}' of this message.");
            default:
                PointActivity.SetOutcome("nothing-to-do");
                LogNothingToDo(message.IdempotencyKey, claim.Outcome);
                break;
        }
    }

    private async Task ProcessAsync(EventLease lease, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await using var renewal = new LeaseRenewal(lease, time, cancellationToken);
        IReadOnlyList<string> errors;
        try
        {
            errors = await RunHandlersAsync(lease, body, renewal.Held);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await lease.ReleaseAsync(CancellationToken.None);
            PointActivity.SetOutcome("released");
            throw;
        }

        if (errors.Count == 0)
            return;

        PointActivity.SetOutcome("failed", isError: true);
        var error = string.Join("; ", errors);
        await lease.RetryAsync(error, CancellationToken.None);
        throw new EventProcessingException($"Attempt {lease.Event.Attempts} of event '{lease.Event.IdempotencyKey}' failed; the ledger says why.");
    }

    /// <summary>Runs what has not finished yet; one handler that fails does not keep the others from running.</summary>
    private async Task<IReadOnlyList<string>> RunHandlersAsync(EventLease lease, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (key, type) = (lease.Event.IdempotencyKey, lease.Event.Type);
        var context = new EventContext(key, lease.Event.ReceivedAt, lease.Event.Attempts + 1, body);
        var pending = handlers.For(PointEventReader.Read(body)).Where(handler => !lease.Event.Done.Contains(handler.Name)).ToList();
        var errors = new List<string>();
        string? finishedLast = null;
        foreach (var (handler, isLast) in pending.Select((handler, i) => (handler, i == pending.Count - 1)))
        {
            try
            {
                await PointActivity.RunHandlerAsync(handler.Name, () => handler.HandleAsync(context, cancellationToken));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e)
            {
                LogHandlerFailed(e, handler.Name, key, context.Attempt);
                instruments.HandlerFailed(type, handler.Name);
                errors.Add($"{handler.Name}: {e.Message}");
                continue;
            }

            instruments.Handled(type, handler.Name);
            // The last record and the completion are one write.
            if (isLast && errors.Count == 0)
                finishedLast = handler.Name;
            else
                await lease.RecordDoneAsync(handler.Name, CancellationToken.None);
        }

        if (errors.Count == 0)
        {
            await lease.CompleteAsync(finishedLast, CancellationToken.None);
            var taken = lease.Event.DueAt - lease.Event.ReceivedAt;
            instruments.Completed(type, taken);
            PointActivity.SetOutcome("completed");
            LogCompleted(type, key, taken.TotalSeconds);
        }

        return errors;
    }

    [LoggerMessage(10, LogLevel.Information, "Completed {EventType} {IdempotencyKey}, {Seconds:0.000} s after its receipt.")]
    private partial void LogCompleted(string eventType, string idempotencyKey, double seconds);

    [LoggerMessage(11, LogLevel.Error, "Handler {Handler} failed on event {IdempotencyKey} in attempt {Attempt}.")]
    private partial void LogHandlerFailed(Exception exception, string handler, string idempotencyKey, int attempt);

    [LoggerMessage(12, LogLevel.Debug, "Nothing to do for event {IdempotencyKey}: {Outcome}.")]
    private partial void LogNothingToDo(string idempotencyKey, ClaimOutcome outcome);
}
