using Microsoft.Extensions.Logging;
using PointWebhooks.Signatures;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Receiving;

/// <summary>
/// Processes the quarantine when the signature key is back: what is authentic is accepted. What no key verifies was acknowledged all
/// the same, and may be signed with a key that was replaced before any instance saw it: it is kept as unverified for an operator,
/// for days, while there is room.
/// </summary>
internal sealed partial class QuarantineProcessor(
    QuarantineStore store,
    SignatureVerifier verifier,
    SignatureKeys keys,
    EventAcceptor acceptor,
    PointMetrics metrics,
    TimeProvider time,
    ILogger<QuarantineProcessor> logger)
{
    /// <summary>How many unverified requests are kept.</summary>
    public const int MaxUnverified = 20_000;

    /// <summary>How many bytes of bodies of unverified requests are kept.</summary>
    public const long MaxUnverifiedBytes = 32 * 1024 * 1024;

    /// <summary>How long an unverified request is kept.</summary>
    public static readonly TimeSpan UnverifiedLifetime = TimeSpan.FromDays(7);

    private const int PageSize = 50;

    private static readonly TimeSpan CountBudget = TimeSpan.FromSeconds(10);

    private enum Outcome
    {
        Accepted,
        Duplicate,
        Unverified,
        Later,
        StorageUnavailable,
    }

    /// <summary>Processes every request, as far as the key and storage are there.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var unverified = await UsageAsync(QuarantineStore.Unverified, cancellationToken);
        var waiting = 0;
        for (string? after = null; ;)
        {
            (var page, after) = await store.ReadAsync(QuarantineStore.Waiting, after, PageSize, cancellationToken);
            foreach (var request in page)
            {
                var outcome = await ProcessAsync(request);
                if (outcome == Outcome.StorageUnavailable)
                    return;
                if (outcome == Outcome.Later)
                    waiting++;
                else
                    unverified = await FinishAsync(request, outcome, unverified);
            }

            if (after is null)
                break;
        }

        metrics.QuarantineNow(waiting, unverified.Requests);
    }

    /// <summary>Verifies the unverified requests again with the current keys, and removes those that were kept for seven days.</summary>
    public async Task ReviewUnverifiedAsync(CancellationToken cancellationToken)
    {
        for (string? after = null; ;)
        {
            (var page, after) = await store.ReadAsync(QuarantineStore.Unverified, after, PageSize, cancellationToken);
            foreach (var request in page)
            {
                var outcome = await ProcessAsync(request);
                if (outcome is Outcome.Accepted or Outcome.Duplicate)
                {
                    await store.RemoveAsync(request);
                }
                // Not what is authentic, whatever its age: only its insert has failed.
                else if (outcome != Outcome.StorageUnavailable && time.GetUtcNow() - request.ReceivedAt > UnverifiedLifetime)
                {
                    LogRemoved(request.ReceivedAt, UnverifiedLifetime.TotalDays);
                    await store.RemoveAsync(request);
                }
            }

            if (after is null)
                return;
        }
    }

    /// <summary>How many requests there are under a prefix, up to 20,000.</summary>
    public Task<QuarantineUsage> UsageAsync(string prefix, CancellationToken cancellationToken) =>
        store.UsageAsync(prefix, MaxUnverified, CountBudget, cancellationToken);

    private async Task<Outcome> ProcessAsync(QuarantinedRequest request)
    {
        var verdict = await verifier.VerifyAsync(request.Signature, request.Body);
        if (verdict == SignatureVerdict.Valid)
        {
            // Removed after it was accepted: a crash in between makes it a duplicate.
            var result = await acceptor.AcceptAsync(request.Body, request.ReceivedAt, request.TraceParent);
            return result.Kept is not { } kept ? Outcome.StorageUnavailable
                : kept.Status == KeptResponse.Accepted ? Outcome.Accepted
                : Outcome.Duplicate;
        }

        // A key that was fetched before the request came does not tell that it is forged.
        var isDecided = verdict == SignatureVerdict.Mismatch
            || (verdict == SignatureVerdict.Undecided && keys.Status.FetchedAt >= request.ReceivedAt);
        return isDecided ? Outcome.Unverified : Outcome.Later;
    }

    private async Task<QuarantineUsage> FinishAsync(QuarantinedRequest request, Outcome outcome, QuarantineUsage unverified)
    {
        if (outcome != Outcome.Unverified)
        {
            metrics.LeftQuarantine(outcome == Outcome.Accepted ? "accepted" : "duplicate");
            await store.RemoveAsync(request);
            return unverified;
        }

        if (unverified.Requests >= MaxUnverified || unverified.Bytes + request.Body.Length > MaxUnverifiedBytes)
        {
            metrics.LeftQuarantine("discarded");
            LogDiscarded(request.ReceivedAt);
            await store.RemoveAsync(request);
            return unverified;
        }

        metrics.LeftQuarantine("unverified");
        LogUnverified(request.ReceivedAt, UnverifiedLifetime.TotalDays);
        await store.MoveToUnverifiedAsync(request);
        return new QuarantineUsage(unverified.Requests + 1, unverified.Bytes + request.Body.Length);
    }

    [LoggerMessage(
        65, LogLevel.Warning,
        "A quarantined request of {ReceivedAt:u} matches no signature key. It is kept as unverified for {Days} days.")]
    private partial void LogUnverified(DateTimeOffset receivedAt, double days);

    [LoggerMessage(
        66, LogLevel.Error,
        "A quarantined request of {ReceivedAt:u} matches no signature key, and there is no room for another unverified one. It is discarded.")]
    private partial void LogDiscarded(DateTimeOffset receivedAt);

    [LoggerMessage(67, LogLevel.Warning, "An unverified request of {ReceivedAt:u} was kept for {Days} days and is removed.")]
    private partial void LogRemoved(DateTimeOffset receivedAt, double days);
}
