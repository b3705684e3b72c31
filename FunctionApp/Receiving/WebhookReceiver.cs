using Microsoft.AspNetCore.Http;
using PointWebhooks.Settings;
using PointWebhooks.Signatures;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Receiving;

/// <summary>
/// Receives a webhook: judge the headers, read the bytes within bounds, verify them, accept the event. Nothing of a body that is not
/// verified is parsed or logged, and it is stored only when it could not be verified for want of the key.
/// </summary>
internal sealed class WebhookReceiver(
    SignatureVerifier verifier,
    EventAcceptor acceptor,
    Quarantine quarantine,
    DeferredVerification deferred,
    LargeBodies largeBodies,
    RefusalLog refusals,
    PointMetrics metrics,
    TimeProvider time)
{
    public async Task<ReceiveResult> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var activity = PointActivity.StartReceiving();
        var result = await ReceiveCoreAsync(request, cancellationToken);
        if (result.Refused is { } refusal)
        {
            metrics.Refused(refusal.Reason);
            PointActivity.SetRefused(refusal.Reason, isError: refusal.Status >= StatusCodes.Status500InternalServerError);
            // This app's own self-check is not worth an entry, nor a span: everybody may bear its header.
            var isSelfCheck = refusal == Refusal.SignatureMissing && request.Headers.ContainsKey(EndpointMark.Header);
            if (isSelfCheck || !refusals.Add(refusal))
                PointActivity.Discard();
        }
        else
        {
            PointActivity.SetOutcome(result.Kept!.Status);
        }

        return result;
    }

    private async Task<ReceiveResult> ReceiveCoreAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (SignatureHeader.TryParse(request.Headers["Signature"], request.Headers["Algorithm"], out var signature) is { } error)
            return ReceiveResult.Of(Refusal.For(error));
        using var room = largeBodies.NewRoom();
        var (body, refusal) = await BoundedBody.ReadAsync(request, room, time, cancellationToken);
        if (refusal is not null)
            return ReceiveResult.Of(refusal);

        // From here on the sender may hang up: what it sent may be authentic, and it may never send it again.
        var verdict = await verifier.VerifyAsync(signature, body);
        if (verdict == SignatureVerdict.Undecided)
            deferred.Take(signature, body);
        return verdict switch
        {
            SignatureVerdict.Valid => await acceptor.AcceptAsync(body, time.GetUtcNow(), PointActivity.CurrentTraceParent),
            SignatureVerdict.KeyUnavailable => await quarantine.KeepAsync(signature, body),
            _ => ReceiveResult.Of(Refusal.SignatureMismatch),
        };
    }
}
