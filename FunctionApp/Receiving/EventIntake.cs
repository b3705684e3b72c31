using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Events;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Settings;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Receiving;

/// <summary>Takes in an authentic event: parse, insert into the ledger, enqueue.</summary>
public sealed partial class EventIntake(
    EventLedger ledger,
    EventQueues queues,
    Instruments instruments,
    IOptions<LedgerOptions> ledgerOptions,
    ILogger<EventIntake> logger)
{
    /// <summary>Takes in an event. It is not given up half-way: it may never be sent again.</summary>
    /// <param name="body">The body, verified.</param>
    /// <param name="receivedAt">When it was received.</param>
    public async Task<Receipt> TakeInAsync(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var envelope = EventEnvelope.Parse(body);
        using var scope = logger.BeginEventScope(envelope.Type, envelope.IdempotencyKey);
        PointActivity.SetEvent(envelope.Type, envelope.IdempotencyKey);
        if (envelope.TimeStamp?.Utc < receivedAt - ledgerOptions.Value.Retention)
            return Receipt.Of(Refusal.Stale);

        InsertOutcome outcome;
        try
        {
            outcome = await ledger.InsertAsync(
                envelope.IdempotencyKey, envelope.Type, receivedAt, body, PointActivity.CurrentTraceParent, CancellationToken.None);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogNotKept(e);
            return Receipt.Of(Refusal.StorageUnavailable);
        }

        if (outcome != InsertOutcome.Inserted)
        {
            instruments.Duplicate(envelope.Type);
            LogDuplicate(envelope.Type, envelope.IdempotencyKey, outcome == InsertOutcome.Duplicate ? "the same" : "another");
            return Receipt.Of(new KeptEvent(KeptEvent.Duplicate, envelope.IdempotencyKey));
        }

        instruments.Received(envelope.Type);
        LogAccepted(envelope.Type, envelope.IdempotencyKey);
        await EnqueueAsync(new EventMessage(envelope.Type, envelope.IdempotencyKey, receivedAt, body, PointActivity.CurrentTraceParent));
        return Receipt.Of(new KeptEvent(KeptEvent.Accepted, envelope.IdempotencyKey));
    }

    private async Task EnqueueAsync(EventMessage message)
    {
        try
        {
            await queues.SendAsync(message, delay: null, CancellationToken.None);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            // The event is kept and open: the relay sends it later.
            LogNotQueued(e, message.IdempotencyKey);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Accepted {EventType} {IdempotencyKey}.")]
    private partial void LogAccepted(string eventType, string idempotencyKey);

    [LoggerMessage(2, LogLevel.Information, "Duplicate of {EventType} {IdempotencyKey}, with {Sameness} body: not taken again.")]
    private partial void LogDuplicate(string eventType, string idempotencyKey, string sameness);

    [LoggerMessage(4, LogLevel.Error, "An authentic event could not be kept: the ledger's storage does not answer as it should.")]
    private partial void LogNotKept(Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Event {IdempotencyKey} is kept but could not be queued; the relay will send it.")]
    private partial void LogNotQueued(Exception exception, string idempotencyKey);
}
