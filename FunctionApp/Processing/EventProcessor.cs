using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Pausing;
using PointWebhooks.Queues;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>
/// Processes one event: claim it, run the handlers that have not finished it yet, then complete it, try it again later, let it wait for
/// those that are paused, or give it up. A message of an event that is finished or claimed by another does nothing: the claim, not the queue, decides who works.
/// </summary>
internal sealed partial class EventProcessor(
    EventLedger ledger,
    HandlerRunner runner,
    FailedAttempts failures,
    HandlerPauses pauses,
    PointMetrics metrics,
    ILogger<EventProcessor> logger)
{
    /// <summary>
    /// Processes the event of a queue message. A failed attempt is no exception: the ledger has it, and a new message follows.
    /// </summary>
    public async Task ProcessAsync(BinaryData queueMessage, CancellationToken stopping)
    {
        var message = EventMessage.Parse(queueMessage);
        using var activity = PointActivity.StartProcessing(message.Type, message.IdempotencyKey, message.TraceParent);
        using var scope = logger.BeginEventScope(message.Id.Value, message.Type, message.IdempotencyKey);
        PointActivity.SetOutcome(await ProcessAsync(message, stopping));
    }

    private async Task<string> ProcessAsync(EventMessage message, CancellationToken stopping)
    {
        // Before the claim: an instance that does not know yet what is paused runs nothing, and its message comes again.
        await pauses.KnownAsync();
        var inserted = message.ToInserted();
        var (outcome, claimed) = await ledger.ClaimAsync(message.Id, inserted, withBody: inserted is null, stopping);
        if (outcome == ClaimOutcome.Unknown)
            (outcome, claimed) = await RestoreAsync(message, inserted, stopping);
        if (claimed is null)
        {
            LogNothingToDo(message.Id.Value, outcome);
            return outcome == ClaimOutcome.Unknown ? SpanOutcome.Unknown : SpanOutcome.NothingToDo;
        }

        await using var lease = claimed;
        try
        {
            return outcome == ClaimOutcome.TakenOver
                ? await failures.RetryOrMarkDeadAsync(lease, FailedAttempts.InstanceGone)
                : await ProcessAsync(lease, inserted?.Body ?? lease.Event.Body ?? default);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The app is shutting down: not the event's fault, and so not an attempt. The host gives the message to another instance.
            await ReleaseAsync(lease);
            throw;
        }
        catch (Exception e) when (e is LeaseLostException || (e is OperationCanceledException && lease.IsTaken))
        {
            LogLeaseLost(message.Id.Value);
            return SpanOutcome.LeaseLost;
        }
        catch (OperationCanceledException)
        {
            // Storage did not answer, and perhaps nobody else has the event: its message comes again, long before the relay would look.
            LogLeaseLost(message.Id.Value);
            PointActivity.SetOutcome(SpanOutcome.LeaseLost);
            throw;
        }
    }

    // A lease that is lost meanwhile needs no release, and is no failure of a function that was told to stop.
    private async Task ReleaseAsync(EventLease lease)
    {
        try
        {
            await lease.ReleaseAsync();
            PointActivity.SetOutcome(SpanOutcome.Released);
        }
        catch (LeaseLostException)
        {
            LogLeaseLost(lease.Event.Id.Value);
            PointActivity.SetOutcome(SpanOutcome.LeaseLost);
        }
    }

    private async Task<string> ProcessAsync(EventLease lease, ReadOnlyMemory<byte> body)
    {
        var attempt = await runner.RunAsync(lease, body);
        if (attempt.Transient.Count > 0)
            return await failures.RetryOrMarkDeadAsync(lease, attempt.Error, attempt.RetryAfter);
        if (lease.Paused.Count > 0)
            return await WaitAsync(lease);
        if (attempt.Permanent.Count > 0)
            return await failures.MarkDeadAsync(lease, attempt.Error);

        await lease.CompleteAsync();
        var taken = lease.Event.FinishedAt!.Value - lease.Event.ReceivedAt;
        metrics.Completed(lease.Event.Type, taken);
        LogCompleted(lease.Event.Id.Value, taken.TotalSeconds);
        return SpanOutcome.Completed;
    }

    // Also when another handler has given up for good: what is paused is still to run.
    private async Task<string> WaitAsync(EventLease lease)
    {
        // No message of its own follows, however long it lasts: the relay sends one once a handler is resumed.
        await lease.WaitAsync(EventRelay.MessageInterval);
        LogWaits(lease.Event.Id.Value, string.Join(", ", lease.Event.WaitsFor));
        return SpanOutcome.Waiting;
    }

    // A message may outlive its row, when the table was restored from an older copy or failed over. An event that was forgotten after
    // its retention still has its row.
    private async Task<(ClaimOutcome Outcome, EventLease? Lease)> RestoreAsync(
        EventMessage message, LedgerEvent? inserted, CancellationToken stopping)
    {
        metrics.UnknownEvent();
        if (inserted is null)
        {
            LogUnknown(message.Id.Value);
            return (ClaimOutcome.Unknown, null);
        }

        LogRestored(message.Id.Value);
        var body = inserted.Body!.Value;
        var (outcome, version) = await ledger.InsertAsync(inserted, body);
        return await ledger.ClaimAsync(
            message.Id, outcome == InsertOutcome.Inserted ? inserted with { ETag = version } : null, withBody: false, stopping);
    }

    [LoggerMessage(10, LogLevel.Information, "Completed event {PointEvent} {Seconds:0.000} s after its receipt.")]
    private partial void LogCompleted(string pointEvent, double seconds);

    [LoggerMessage(12, LogLevel.Debug, "Nothing to do for event {PointEvent}: {Outcome}.")]
    private partial void LogNothingToDo(string pointEvent, ClaimOutcome outcome);

    [LoggerMessage(15, LogLevel.Information, "Event {PointEvent} waits for {Handlers}, which operators have paused.")]
    private partial void LogWaits(string pointEvent, string handlers);

    [LoggerMessage(
        16, LogLevel.Error,
        "A message names event {PointEvent}, which is not in the ledger. The message is dropped. Was the table restored or deleted?")]
    private partial void LogUnknown(string pointEvent);

    [LoggerMessage(
        18, LogLevel.Error,
        "Event {PointEvent} is not in the ledger and is inserted again from its message. Was the table restored or deleted?")]
    private partial void LogRestored(string pointEvent);

    [LoggerMessage(19, LogLevel.Warning, "The lease on event {PointEvent} was lost: storage did not answer, or another instance has it.")]
    private partial void LogLeaseLost(string pointEvent);
}
