using System.Text;
using Microsoft.Extensions.Logging;
using PointWebhooks.PointApi;

namespace PointWebhooks.Signatures;

/// <summary>
/// Fetches the signature key from the options of Syskit Point: one fetch at a time, none sooner than the throttle allows.
/// </summary>
internal sealed partial class KeyFetcher(PointApiClient api, TimeProvider time, Random random, ILogger logger)
{
    // A sender is waiting, while a key that is slow to come may still come for the next one.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long at least, in the long run, between two fetches that wrong signatures cause, and always after one that failed:
    /// a sender of forgeries cannot drive calls to the vendor.
    /// </summary>
    public static readonly TimeSpan Throttle = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many fetches wrong signatures may cause at once, so that a forgery or two do not hide a change of the key right behind
    /// them.
    /// </summary>
    public const int Reserve = 5;

    private readonly Lock gate = new();
    private readonly FetchThrottle throttle = new(Throttle, Reserve);
    private volatile FetchedKeys? known;
    private volatile SignatureKeyStatus? failed;
    private Task<FetchedKeys>? fetching;
    private long begun;
    private long answered;

    /// <summary>The keys as last fetched, or null when none were yet.</summary>
    public FetchedKeys? Known => known;

    /// <summary>How many fetches were begun.</summary>
    public long Begun => Interlocked.Read(ref begun);

    /// <summary>The number, as <see cref="Begun"/> counts, of the last fetch that brought the key.</summary>
    public long Answered => Interlocked.Read(ref answered);

    /// <summary>How long until a wrong signature may cause a fetch.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (gate)
                return throttle.Opens - time.GetUtcNow();
        }
    }

    /// <summary>What an operator is shown.</summary>
    public SignatureKeyStatus Status => new(
        SignatureKeyStatus.Options,
        known?.FetchedAt,
        known is { Previous: not null } keys && keys.PreviousUntil > time.GetUtcNow() ? keys.PreviousUntil : null,
        failed?.FailedAt,
        failed?.Failure);

    /// <summary>The fetch that is under way, or a new one; null when the throttle does not allow one.</summary>
    public Task<FetchedKeys>? Fetch(bool forMismatch)
    {
        lock (gate)
        {
            if (fetching is { IsCompleted: false })
                return fetching;
            var now = time.GetUtcNow();
            if (forMismatch ? !throttle.TryTake(now) : !throttle.Allows(now))
                return null;

            begun++;
            return fetching = FetchAsync(begun);
        }
    }

    /// <summary>
    /// The keys of a fetch that tells whether a signature is wrong: one begun after it came, since the answer to an earlier one may
    /// be older than the key the signature was made with. Null when there can be none just now.
    /// </summary>
    /// <param name="seen">How many fetches were begun when the signature came.</param>
    public async Task<FetchedKeys?> RefreshAsync(long seen)
    {
        var before = known;
        while (true)
        {
            Task<FetchedKeys>? fetch;
            bool isLater;
            lock (gate)
            {
                fetch = begun > seen ? fetching : Fetch(forMismatch: true);
                isLater = begun > seen;
            }

            if (fetch is null)
                return null;
            try
            {
                var keys = await fetch;
                if (isLater || before?.HasCurrent(keys.Current) == false)
                    return keys;
            }
            catch (SignatureKeyUnavailableException)
            {
                return null;
            }
        }
    }

    private async Task<FetchedKeys> FetchAsync(long number)
    {
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, time);
            var fetched = (await api.GetOptionsAsync(timeout.Token)).WebhooksSignatureAuthenticationKey;
            if (string.IsNullOrWhiteSpace(fetched))
                throw new PointApiException("The options of Syskit Point hold no webhooksSignatureAuthenticationKey.");

            var before = known;
            var keys = FetchedKeys.Next(before, Encoding.UTF8.GetBytes(fetched), time.GetUtcNow(), random);
            (known, failed) = (keys, null);
            Interlocked.Exchange(ref answered, number);
            if (before?.HasCurrent(keys.Current) == false)
                LogChanged(FetchedKeys.PreviousKeyLifetime.TotalHours);
            return keys;
        }
        catch (Exception e)
        {
            var reason = e switch
            {
                PointApiException => e.Message,
                OperationCanceledException => $"Syskit Point did not answer within {Timeout.TotalSeconds} s.",
                _ => $"Unexpected error ({e.GetType().Name}). See the application log.",
            };
            failed = new SignatureKeyStatus(SignatureKeyStatus.Options, null, null, time.GetUtcNow(), reason);
            lock (gate)
                throttle.Failed(time.GetUtcNow());
            LogNotFetched(reason, e);
            throw new SignatureKeyUnavailableException("The signature key could not be fetched from Syskit Point.", e);
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "The signature key has changed. The previous key is accepted for another {Hours} hours.")]
    private partial void LogChanged(double hours);

    [LoggerMessage(31, LogLevel.Error, "The signature key could not be fetched: {Reason}")]
    private partial void LogNotFetched(string reason, Exception exception);
}
