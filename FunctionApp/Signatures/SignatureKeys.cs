using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.PointApi;
using PointWebhooks.Settings;

namespace PointWebhooks.Signatures;

/// <summary>What an operator is shown of the signature key. The key is not in it.</summary>
/// <param name="Source"><see cref="Setting"/> or <see cref="Options"/>.</param>
/// <param name="FetchedAt">When this instance fetched the key last, or null when it has not.</param>
/// <param name="PreviousUntil">Until when this instance also accepts the previous key, or null when there is none.</param>
/// <param name="FailedAt">When fetching failed last, or null when the last fetch went well.</param>
internal sealed record SignatureKeyStatus(
    string Source, DateTimeOffset? FetchedAt, DateTimeOffset? PreviousUntil, DateTimeOffset? FailedAt, string? Failure)
{
    /// <summary>The key is the one of <c>Point:SignatureKey</c>, and follows no change.</summary>
    public const string Setting = "setting";

    /// <summary>The key is fetched from the options of Syskit Point.</summary>
    public const string Options = "options";
}

/// <summary>The signature key is not known and could not be fetched just now.</summary>
internal sealed class SignatureKeyUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The keys a signature may be made with: the one of the setting, or the one Syskit Point has now and, for a day after a change,
/// the previous one. They are kept in memory only.
/// </summary>
internal sealed class SignatureKeys(
    PointApiClient api, IOptions<PointOptions> options, TimeProvider time, Random random, ILogger<SignatureKeys> logger)
{
    // A delay is cut to whole milliseconds: a fraction of one would be no delay, again and again.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly IReadOnlyList<byte[]>? configured = options.Value.SignatureKey is { } text ? [Encoding.UTF8.GetBytes(text)] : null;
    private readonly KeyFetcher fetcher = new(api, time, random, logger);

    /// <summary>What an operator is shown.</summary>
    public SignatureKeyStatus Status => configured is null ? fetcher.Status : new SignatureKeyStatus(SignatureKeyStatus.Setting, null, null, null, null);

    /// <summary>The keys that are valid now, or null when there are none yet.</summary>
    public IReadOnlyList<byte[]>? Known
    {
        get
        {
            if (configured is not null || fetcher.Known is not { } known)
                return configured;
            var now = time.GetUtcNow();
            if (now > known.RefreshAt)
                _ = fetcher.Fetch(forMismatch: false);
            return known.ValidAt(now);
        }
    }

    /// <summary>The keys that are valid now; fetched when there are none yet.</summary>
    /// <exception cref="SignatureKeyUnavailableException">There is no key, and none could be fetched just now.</exception>
    public async Task<IReadOnlyList<byte[]>> GetAsync()
    {
        if (Known is { } known)
            return known;
        var fetch = fetcher.Fetch(forMismatch: false) ?? throw new SignatureKeyUnavailableException("The signature key could not be fetched a moment ago.");
        return (await fetch).ValidAt(time.GetUtcNow());
    }

    /// <summary>
    /// After a signature that matched no key: the keys as Syskit Point has them now, or null when it was asked too recently or cannot
    /// be.
    /// </summary>
    public async Task<IReadOnlyList<byte[]>?> RefreshAfterMismatchAsync() =>
        configured ?? (await fetcher.RefreshAsync(fetcher.Begun))?.ValidAt(time.GetUtcNow());

    /// <summary>How many times Syskit Point was asked: what matches no key is decided by an answer to a later question.</summary>
    public long Asked => fetcher.Begun;

    /// <summary>The number of the last question, as <see cref="Asked"/> counts, that was answered.</summary>
    public long Answered => fetcher.Answered;

    /// <summary>
    /// Waits until Syskit Point may be asked again, or is asked for another request, and for the answer. Null when there was none.
    /// </summary>
    public async Task<IReadOnlyList<byte[]>?> RefreshWhenPossibleAsync()
    {
        var asked = Asked;
        while (Asked == asked && fetcher.Wait is { Ticks: > 0 } wait)
            await Task.Delay(wait > Tick ? wait : Tick, time);
        return (await fetcher.RefreshAsync(asked))?.ValidAt(time.GetUtcNow());
    }
}
