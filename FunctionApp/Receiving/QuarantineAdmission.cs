using Microsoft.Extensions.Logging;
using PointWebhooks.Registration;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Receiving;

/// <summary>Settles the quarantine when the signature key is back: what is authentic is taken in, the rest is discarded.</summary>
public sealed partial class QuarantineAdmission(
    Quarantine quarantine,
    SignatureChecker signatures,
    SignatureKeys keys,
    EventIntake intake,
    Instruments instruments,
    ILogger<QuarantineAdmission> logger)
{
    // With the row that counts, well within the hundred rows and the 4 MiB that a transaction takes: deletions carry no body.
    private const int PageSize = 50;

    /// <summary>Settles every request, as far as the key and the storage are there.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string? after = null;
        while (await quarantine.ReadAsync(after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            after = page[^1].RowKey;
            var settled = new List<QuarantinedRequest>();
            foreach (var request in page)
            {
                if (await SettleAsync(request) is not { } result)
                    break;
                instruments.Settled(result);
                settled.Add(request);
            }

            // Removed after it was taken in: a crash in between makes it a duplicate.
            await quarantine.RemoveAsync(settled, cancellationToken);
            if (settled.Count < page.Count)
                return;
        }
    }

    private async Task<string?> SettleAsync(QuarantinedRequest request)
    {
        var check = await signatures.CheckAsync(request.Claimed, request.Body);
        // A key that was fetched before the request came does not tell that it is forged.
        if (check == SignatureCheck.Unchecked || (check == SignatureCheck.Undecided && keys.Status.FetchedAt < request.ReceivedAt))
            return null;

        if (check != SignatureCheck.Valid)
        {
            LogDiscarded(Refusal.For(check).Reason, request.ReceivedAt);
            return "refused";
        }

        var receipt = await intake.TakeInAsync(request.Body, request.ReceivedAt);
        if (receipt.Refused == Refusal.StorageUnavailable)
            return null;
        if (receipt.Refused is { } refusal)
            LogDiscarded(refusal.Reason, request.ReceivedAt);
        return receipt.Kept is not { } kept ? "refused" : kept.Status == KeptEvent.Accepted ? "admitted" : "duplicate";
    }

    [LoggerMessage(9, LogLevel.Warning, "Discarded a quarantined request of {ReceivedAt:u}: {Reason}.")]
    private partial void LogDiscarded(string reason, DateTimeOffset receivedAt);
}
