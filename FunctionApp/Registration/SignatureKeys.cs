using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;

namespace PointWebhooks.Registration;

/// <summary>
/// The keys a signature may be made with: the one of the setting, or the one Syskit Point has now and, for a day after a change,
/// the one before. They are kept in memory only.
/// </summary>
public sealed partial class SignatureKeys(
    PointApiClient api, IOptions<PointOptions> options, TimeProvider time, ILogger<SignatureKeys> logger)
{
    /// <summary>How old a fetched key may be before it is fetched again in the background.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromHours(1);

    /// <summary>How long at least between two fetches that wrong signatures or failures cause: nobody outside can drive calls to the vendor.</summary>
    public static readonly TimeSpan Throttle = TimeSpan.FromSeconds(30);

    /// <summary>How long the key before is still accepted after a change.</summary>
    public static readonly TimeSpan PreviousKeyLifetime = TimeSpan.FromHours(24);

    // A sender is waiting, while a key that is slow to come may still come for the next one.
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(8);

    private readonly Lock gate = new();
    private readonly byte[]? configured = options.Value.SignatureKey is { } text ? Encoding.UTF8.GetBytes(text) : null;
    private FetchedKeys? known;
    private Task<FetchedKeys>? fetching;
    private DateTimeOffset fetchedLast = DateTimeOffset.MinValue;

    /// <summary>The keys that are valid now; fetched when there are none yet.</summary>
    /// <exception cref="SignatureKeyUnavailableException">There is no key, and none could be fetched just now.</exception>
    public async ValueTask<IReadOnlyList<byte[]>> GetAsync()
    {
        if (configured is not null)
            return [configured];

        if (known is { } current)
        {
            if (time.GetUtcNow() - current.FetchedAt > RefreshInterval)
                _ = Fetch();
            return current.ValidAt(time.GetUtcNow());
        }

        var fetch = Fetch() ?? throw new SignatureKeyUnavailableException("The signature key could not be fetched a moment ago.");
        return (await fetch).ValidAt(time.GetUtcNow());
    }

    /// <summary>After a signature that matched no key: the keys as Syskit Point has them now, or null when it was asked too recently or cannot be.</summary>
    public async Task<IReadOnlyList<byte[]>?> RefreshAfterMismatchAsync()
    {
        if (configured is not null || Fetch() is not { } fetch)
            return null;

        try
        {
            return (await fetch).ValidAt(time.GetUtcNow());
        }
        catch (SignatureKeyUnavailableException)
        {
            return null;
        }
    }

    // One fetch at a time, joined by everybody who needs it, and none sooner than the throttle allows.
    private Task<FetchedKeys>? Fetch()
    {
        lock (gate)
        {
            if (fetching is { IsCompleted: false })
                return fetching;
            if (time.GetUtcNow() - fetchedLast < Throttle)
                return null;

            fetchedLast = time.GetUtcNow();
            return fetching = FetchAsync();
        }
    }

    private async Task<FetchedKeys> FetchAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(FetchTimeout, time);
            var fetched = (await api.GetOptionsAsync(timeout.Token)).WebhooksSignatureAuthenticationKey;
            if (string.IsNullOrWhiteSpace(fetched))
                throw new InvalidOperationException("Syskit Point has no webhooksSignatureAuthenticationKey.");

            var before = known;
            known = FetchedKeys.Next(before, Encoding.UTF8.GetBytes(fetched), time.GetUtcNow());
            if (before is not null && !before.Current.AsSpan().SequenceEqual(known.Current))
                LogChanged(PreviousKeyLifetime.TotalHours);
            return known;
        }
        catch (Exception e)
        {
            LogNotFetched(e);
            throw new SignatureKeyUnavailableException("The signature key could not be fetched from Syskit Point.", e);
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "The signature key has changed. The key before is accepted for another {Hours} hours.")]
    private partial void LogChanged(double hours);

    [LoggerMessage(31, LogLevel.Error, "The signature key could not be fetched from Syskit Point.")]
    private partial void LogNotFetched(Exception exception);
}
