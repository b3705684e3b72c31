using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;

namespace PointWebhooks.Registration;

/// <summary>
/// The keys a signature may be made with: the one of the setting, or the one Syskit Point has now and, for a day after a change,
/// the one before. They are kept in memory only.
/// </summary>
public sealed class SignatureKeys(PointApiClient api, IOptions<PointOptions> options, TimeProvider time, ILogger<SignatureKeys> logger)
{
    /// <summary>How old a fetched key may be, give or take a tenth, before it is fetched again in the background.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromHours(1);

    /// <summary>
    /// How long at least, in the long run, between two fetches that wrong signatures cause, and always after one that failed:
    /// nobody outside can drive calls to the vendor.
    /// </summary>
    public static readonly TimeSpan Throttle = TimeSpan.FromSeconds(30);

    /// <summary>How many fetches wrong signatures may cause at once, so that a forgery or two do not hide a change of the key right behind them.</summary>
    public const int Reserve = 5;

    /// <summary>How long the key before is still accepted after a change.</summary>
    public static readonly TimeSpan PreviousKeyLifetime = TimeSpan.FromHours(24);

    private readonly byte[]? configured = options.Value.SignatureKey is { } text ? Encoding.UTF8.GetBytes(text) : null;
    private readonly KeyFetcher fetcher = new(api, time, logger);

    /// <summary>What an operator is shown.</summary>
    public SignatureKeyStatus Status => configured is null ? fetcher.Status : new SignatureKeyStatus(SignatureKeyStatus.Setting, null, null, null, null);

    /// <summary>The keys that are valid now; fetched when there are none yet.</summary>
    /// <exception cref="SignatureKeyUnavailableException">There is no key, and none could be fetched just now.</exception>
    public async ValueTask<IReadOnlyList<byte[]>> GetAsync()
    {
        if (configured is not null)
            return [configured];

        var now = time.GetUtcNow();
        if (fetcher.Known is { } known)
        {
            if (now > known.RefreshAt)
                _ = fetcher.Fetch(forMismatch: false);
            return known.ValidAt(now);
        }

        var fetch = fetcher.Fetch(forMismatch: false) ?? throw new SignatureKeyUnavailableException("The signature key could not be fetched a moment ago.");
        return (await fetch).ValidAt(now);
    }

    /// <summary>After a signature that matched no key: the keys as Syskit Point has them now, or null when it was asked too recently or cannot be.</summary>
    public async Task<IReadOnlyList<byte[]>?> RefreshAfterMismatchAsync() =>
        configured is not null ? [configured] : (await fetcher.RefreshAsync(fetcher.Begun))?.ValidAt(time.GetUtcNow());

    /// <summary>
    /// When <see cref="RefreshAfterMismatchAsync"/> could not tell: waits until Syskit Point may be asked again, and asks. Null when
    /// it then cannot be.
    /// </summary>
    public async Task<IReadOnlyList<byte[]>?> RefreshWhenPossibleAsync()
    {
        var seen = fetcher.Begun;
        while (fetcher.Begun == seen && fetcher.Wait is { Ticks: > 0 } wait)
            await Task.Delay(wait, time);
        return (await fetcher.RefreshAsync(seen))?.ValidAt(time.GetUtcNow());
    }
}
