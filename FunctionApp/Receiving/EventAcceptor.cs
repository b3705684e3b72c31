using Microsoft.Extensions.Logging;
using PointWebhooks.Events;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Receiving;

/// <summary>Accepts an authentic event: parse, insert into the ledger, enqueue.</summary>
internal sealed partial class EventAcceptor(
    EventLedger ledger, EventQueues queues, PointMetrics metrics, TimeProvider time, ILogger<EventAcceptor> logger)
{
    /// <summary>Accepts an event. Nothing cancels it: the sender may never send it again.</summary>
    /// <param name="body">The body, verified.</param>
    /// <param name="traceParent">The <c>traceparent</c> of the request that brought it, or null.</param>
    public async Task<ReceiveResult> AcceptAsync(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt, string? traceParent)
    {
        var envelope = EventEnvelope.Parse(body);
        var workspace = PointEventReader.Read(envelope) as ProvisioningEvent;
        var received = EventLedger.New(envelope.Type, envelope.IdempotencyKey, receivedAt, time.GetUtcNow()) with
        {
            WorkspaceName = workspace?.Name,
            WorkspaceKind = workspace?.Kind?.Value,
            TraceParent = traceParent,
        };
        var id = received.Id.Value;
        using var scope = logger.BeginEventScope(id, received.Type, received.IdempotencyKey);
        PointActivity.SetEvent(received.Type, received.IdempotencyKey);
        try
        {
            var (outcome, version) = await ledger.InsertAsync(received, body);
            if (outcome != InsertOutcome.Inserted)
                return await DuplicateAsync(received, outcome, body);

            metrics.Received(received.Type);
            LogAccepted(id);
            await queues.TrySendAsync(EventMessage.OfInserted(received with { ETag = version }, body));
            return ReceiveResult.Of(new KeptResponse(KeptResponse.Accepted, id, received.IdempotencyKey));
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogNotKept(e);
            return ReceiveResult.Of(Refusal.StorageUnavailable);
        }
    }

    // The first body is kept. That another one came under its type and key is for an operator to look at.
    private async Task<ReceiveResult> DuplicateAsync(LedgerEvent received, InsertOutcome outcome, ReadOnlyMemory<byte> body)
    {
        var isOther = outcome == InsertOutcome.DuplicateWithOtherBody;
        metrics.Duplicate(received.Type, isOther);
        if (isOther)
        {
            var hash = LedgerRows.Hash(body.Span);
            LogOtherBody(received.Id.Value, hash);
            await NoteAsync(received.Id, hash);
        }
        else
        {
            LogDuplicate(received.Id.Value);
        }

        return ReceiveResult.Of(new KeptResponse(KeptResponse.Duplicate, received.Id.Value, received.IdempotencyKey));
    }

    // The event is kept, and the log has what the note would say: a storage that fails meanwhile is no reason to send it again.
    private async Task NoteAsync(EventId id, string hash)
    {
        try
        {
            await ledger.NoteAsync(id, "sent again with another body", $", SHA-256 {hash}");
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogNotNoted(e, id.Value);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Accepted event {PointEvent}.")]
    private partial void LogAccepted(string pointEvent);

    [LoggerMessage(2, LogLevel.Information, "Event {PointEvent} was accepted before.")]
    private partial void LogDuplicate(string pointEvent);

    [LoggerMessage(
        9, LogLevel.Warning, "Event {PointEvent} was accepted before with another body. The first body is kept; the SHA-256 of this one is {Hash}.")]
    private partial void LogOtherBody(string pointEvent, string hash);

    [LoggerMessage(34, LogLevel.Warning, "That event {PointEvent} was sent again with another body could not be noted in its history.")]
    private partial void LogNotNoted(Exception exception, string pointEvent);

    [LoggerMessage(4, LogLevel.Error, "An authentic event could not be stored: storage failed.")]
    private partial void LogNotKept(Exception exception);
}
