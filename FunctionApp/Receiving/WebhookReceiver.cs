using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Events;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Registration;
using PointWebhooks.Settings;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Receiving;

/// <summary>
/// Receives a webhook: bound and read the bytes, verify them, then parse, insert into the ledger, enqueue, answer. Nothing of a
/// body that is not verified is parsed, stored or logged.
/// </summary>
public sealed partial class WebhookReceiver(
    SignatureKeys keys,
    SecondLook secondLook,
    EventLedger ledger,
    EventQueues queues,
    Instruments instruments,
    IOptions<LedgerOptions> ledgerOptions,
    TimeProvider time,
    ILogger<WebhookReceiver> logger)
{
    /// <summary>Receives one request.</summary>
    public async Task<Receipt> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var receipt = await ReceiveCoreAsync(request, cancellationToken);
        if (receipt.Refused is { } refusal)
        {
            instruments.Refused(refusal.Reason);
            LogRefused(refusal.Status, refusal.Reason);
        }

        return receipt;
    }

    private async Task<Receipt> ReceiveCoreAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? read;
        try
        {
            read = await BoundedBodyReader.ReadAsync(request, cancellationToken);
        }
        catch (Exception e) when (e is BadHttpRequestException or IOException or OperationCanceledException)
        {
            return Receipt.Of(Refusal.BodyIncomplete);
        }

        if (read is not { } body)
            return Receipt.Of(Refusal.BodyTooLarge);
        if (await RefusalBySignatureAsync(request.Headers, body) is { } refusal)
            return Receipt.Of(refusal);

        return await AdmitAsync(body);
    }

    private async Task<Receipt> AdmitAsync(ReadOnlyMemory<byte> body)
    {
        var envelope = EventEnvelope.Parse(body);
        if (envelope.TimeStamp?.Utc < time.GetUtcNow() - ledgerOptions.Value.Retention)
            return Receipt.Of(Refusal.Stale);

        return await KeepAsync(envelope, body);
    }

    private async Task<Refusal?> RefusalBySignatureAsync(IHeaderDictionary headers, ReadOnlyMemory<byte> body)
    {
        try
        {
            var current = await keys.GetAsync();
            var check = SignatureVerifier.Verify(body.Span, headers["Signature"], headers["Algorithm"], current);
            if (check == SignatureCheck.Mismatch)
            {
                // The key may have been changed: one throttled look, and the signature gets a second chance. Without that look,
                // it may have been changed by another request since.
                var refreshed = await keys.RefreshAfterMismatchAsync();
                current = refreshed ?? await keys.GetAsync();
                check = SignatureVerifier.Verify(body.Span, headers["Signature"], headers["Algorithm"], current);
                if (check == SignatureCheck.Mismatch && refreshed is null)
                    secondLook.Take(body, headers["Signature"], headers["Algorithm"], AdmitAsync);
            }

            return check == SignatureCheck.Valid ? null : Refusal.For(check);
        }
        catch (SignatureKeyUnavailableException)
        {
            return Refusal.KeyUnavailable;
        }
    }

    // From here on the sender may hang up: what it sent is authentic, and it may never send it again.
    private async Task<Receipt> KeepAsync(EventEnvelope envelope, ReadOnlyMemory<byte> body)
    {
        using var scope = logger.BeginEventScope(envelope.Type, envelope.IdempotencyKey);
        InsertOutcome outcome;
        try
        {
            outcome = await ledger.InsertAsync(envelope.IdempotencyKey, envelope.Type, body, PointActivity.CurrentTraceParent, CancellationToken.None);
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
        await EnqueueAsync(envelope, body);
        return Receipt.Of(new KeptEvent(KeptEvent.Accepted, envelope.IdempotencyKey));
    }

    private async Task EnqueueAsync(EventEnvelope envelope, ReadOnlyMemory<byte> body)
    {
        try
        {
            await queues.SendAsync(
                new EventMessage(envelope.Type, envelope.IdempotencyKey, time.GetUtcNow(), body, PointActivity.CurrentTraceParent),
                delay: null,
                CancellationToken.None);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            // The event is kept and open: the relay sends it later.
            LogNotQueued(e, envelope.IdempotencyKey);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Accepted {EventType} {IdempotencyKey}.")]
    private partial void LogAccepted(string eventType, string idempotencyKey);

    [LoggerMessage(2, LogLevel.Information, "Duplicate of {EventType} {IdempotencyKey}, with {Sameness} body: not taken again.")]
    private partial void LogDuplicate(string eventType, string idempotencyKey, string sameness);

    [LoggerMessage(3, LogLevel.Warning, "Refused a request with {Status}: {Reason}.")]
    private partial void LogRefused(int status, string reason);

    [LoggerMessage(4, LogLevel.Error, "An authentic event could not be kept: the ledger's storage does not answer as it should.")]
    private partial void LogNotKept(Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Event {IdempotencyKey} is kept but could not be queued; the relay will send it.")]
    private partial void LogNotQueued(Exception exception, string idempotencyKey);
}
