using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Receiving;

/// <summary>
/// Receives a webhook: bound and read the bytes, verify them, then take the event in. Nothing of a body that is not verified is
/// parsed or logged, and it is stored only when it could not be verified for want of the key.
/// </summary>
public sealed partial class WebhookReceiver(
    SignatureChecker signatures,
    EventIntake intake,
    Quarantine quarantine,
    SecondLook secondLook,
    Instruments instruments,
    TimeProvider time,
    ILogger<WebhookReceiver> logger)
{
    /// <summary>Receives one request.</summary>
    public async Task<Receipt> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var activity = PointActivity.StartReceiving();
        var receipt = await ReceiveCoreAsync(request, cancellationToken);
        if (receipt.Refused is { } refusal)
        {
            instruments.Refused(refusal.Reason);
            LogRefused(refusal.Status, refusal.Reason);
            PointActivity.SetRefused(refusal.Reason, isError: refusal.Status >= StatusCodes.Status500InternalServerError);
        }
        else
        {
            PointActivity.SetOutcome(receipt.Kept!.Status);
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

        // From here on the sender may hang up: what it sent may be authentic, and it may never send it again.
        var check = SignatureVerifier.TryRead(request.Headers["Signature"], request.Headers["Algorithm"], out var claimed);
        if (check == SignatureCheck.Unchecked)
            check = await signatures.CheckAsync(claimed, body);
        if (check == SignatureCheck.Undecided)
            secondLook.Take(claimed, body);
        return check switch
        {
            SignatureCheck.Valid => await intake.TakeInAsync(body, time.GetUtcNow()),
            SignatureCheck.Unchecked => await quarantine.KeepAsync(claimed, body),
            _ => Receipt.Of(Refusal.For(check)),
        };
    }

    [LoggerMessage(3, LogLevel.Warning, "Refused a request with {Status}: {Reason}.")]
    private partial void LogRefused(int status, string reason);
}
