using Microsoft.Extensions.Logging;
using PointWebhooks.Signatures;
using PointWebhooks.Storage;
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

    // Within the minute of the timer, whose other work waits for it. What is left is next.
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(40);

    private enum Outcome
    {
        Accepted,
        Duplicate,
        Unverified,
        Later,
        StorageUnavailable,
    }

    /// <summary>Processes the requests for some time, as far as the key and storage are there.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var refused = new Refused();
        var (waiting, isDone) = (0, false);
        try
        {
            for (string? after = null; !isDone && time.GetElapsedTime(begun) < LongestRun;)
            {
                (var page, after) = await store.ReadAsync(QuarantineStore.Waiting, after, PageSize, cancellationToken);
                foreach (var request in page)
                {
                    var outcome = await ProcessAsync(request);
                    if (outcome == Outcome.StorageUnavailable)
                        return;
                    if (outcome == Outcome.Later || (outcome == Outcome.Unverified && !await IsCountedAsync(refused, cancellationToken)))
                        waiting++;
                    else
                        await FinishAsync(request, outcome, refused);
                    if (time.GetElapsedTime(begun) >= LongestRun)
                        break;
                }

                isDone = after is null;
            }
        }
        finally
        {
            // Not one by one: a flood would use up the log.
            if (refused.Kept > 0)
                LogUnverified(refused.Kept, UnverifiedLifetime.TotalDays);
            if (refused.Discarded > 0)
                LogDiscarded(refused.Discarded);
        }

        var unverified = refused.Usage ?? await UsageAsync(QuarantineStore.Unverified, cancellationToken);
        if (!isDone)
            waiting = (await UsageAsync(QuarantineStore.Waiting, cancellationToken)).Requests;
        metrics.QuarantineNow(waiting, unverified.Requests);
    }

    /// <summary>Verifies the unverified requests again with the current keys, and removes those that were kept for seven days.</summary>
    public async Task ReviewUnverifiedAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        try
        {
            for (string? after = null; ;)
            {
                (var page, after) = await store.ReadAsync(QuarantineStore.Unverified, after, PageSize, cancellationToken);
                foreach (var request in page)
                {
                    var outcome = await ProcessAsync(request);
                    // Not what is authentic, whatever its age: only its insert has failed.
                    var isOver = outcome != Outcome.StorageUnavailable && time.GetUtcNow() - request.ReceivedAt > UnverifiedLifetime;
                    var isAccepted = outcome is Outcome.Accepted or Outcome.Duplicate;
                    if (isAccepted || isOver)
                        await store.RemoveAsync(request);
                    if (isOver && !isAccepted)
                        removed++;
                }

                if (after is null)
                    return;
            }
        }
        finally
        {
            if (removed > 0)
                LogRemoved(removed, UnverifiedLifetime.TotalDays);
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

    // Not before there is one to keep: what is authentic does not wait for it, nor does it where they cannot be counted.
    private async Task<bool> IsCountedAsync(Refused refused, CancellationToken cancellationToken)
    {
        if (refused.Usage is not null || refused.IsUncountable)
            return refused.Usage is not null;
        try
        {
            refused.Usage = await UsageAsync(QuarantineStore.Unverified, cancellationToken);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            refused.IsUncountable = true;
        }

        return refused.Usage is not null;
    }

    private async Task FinishAsync(QuarantinedRequest request, Outcome outcome, Refused refused)
    {
        if (outcome != Outcome.Unverified)
        {
            await store.RemoveAsync(request);
            metrics.LeftQuarantine(outcome == Outcome.Accepted ? "accepted" : "duplicate");
            return;
        }

        var unverified = refused.Usage!.Value;
        if (unverified.Requests >= MaxUnverified || unverified.Bytes + request.Body.Length > MaxUnverifiedBytes)
        {
            await store.RemoveAsync(request);
            metrics.LeftQuarantine("discarded");
            refused.Discarded++;
            return;
        }

        await store.MoveToUnverifiedAsync(request);
        metrics.LeftQuarantine("unverified");
        refused.Usage = new QuarantineUsage(unverified.Requests + 1, unverified.Bytes + request.Body.Length);
        refused.Kept++;
    }

    [LoggerMessage(
        65, LogLevel.Warning,
        "{Requests} quarantined requests match no signature key. They are kept as unverified for {Days} days.")]
    private partial void LogUnverified(int requests, double days);

    [LoggerMessage(
        66, LogLevel.Error,
        "{Requests} quarantined requests match no signature key, and there was no room for more unverified ones. They are discarded.")]
    private partial void LogDiscarded(int requests);

    [LoggerMessage(67, LogLevel.Warning, "{Requests} unverified requests were kept for {Days} days and are removed.")]
    private partial void LogRemoved(int requests, double days);

    /// <summary>What a run has refused.</summary>
    private sealed class Refused
    {
        public int Kept { get; set; }

        public int Discarded { get; set; }

        /// <summary>How much the unverified requests take; null while it was not counted.</summary>
        public QuarantineUsage? Usage { get; set; }

        /// <summary>Whether that could not be counted.</summary>
        public bool IsUncountable { get; set; }
    }
}
