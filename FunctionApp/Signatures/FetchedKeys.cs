namespace PointWebhooks.Signatures;

/// <summary>The signature key as fetched, and the previous one while it is still accepted.</summary>
/// <param name="Current">The key, as bytes.</param>
/// <param name="FetchedAt">When it was fetched last.</param>
/// <param name="RefreshAt">When it is to be fetched again.</param>
/// <param name="Previous">The previous key, if it has changed.</param>
/// <param name="PreviousUntil">Until when that one is accepted.</param>
internal sealed record FetchedKeys(
    byte[] Current, DateTimeOffset FetchedAt, DateTimeOffset RefreshAt, byte[]? Previous, DateTimeOffset PreviousUntil)
{
    /// <summary>How old a fetched key may be, give or take a tenth, before it is fetched again in the background.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromHours(1);

    /// <summary>How long the previous key is accepted after a change.</summary>
    public static readonly TimeSpan PreviousKeyLifetime = TimeSpan.FromHours(24);

    private readonly IReadOnlyList<byte[]> newest = [Current];
    private readonly IReadOnlyList<byte[]> both = Previous is null ? [Current] : [Current, Previous];

    /// <summary>The keys after another fetch.</summary>
    public static FetchedKeys Next(FetchedKeys? before, byte[] fetched, DateTimeOffset now, Random random)
    {
        // Spread over a fifth of the time, so that instances that started together do not always ask together.
        var refreshAt = now + (RefreshInterval * (0.9 + (0.2 * random.NextDouble())));
        return before is null ? new FetchedKeys(fetched, now, refreshAt, null, now)
            : before.HasCurrent(fetched) ? before with { FetchedAt = now, RefreshAt = refreshAt }
            : new FetchedKeys(fetched, now, refreshAt, before.Current, now + PreviousKeyLifetime);
    }

    /// <summary>Whether a key is the current one.</summary>
    public bool HasCurrent(byte[] key) => Current.AsSpan().SequenceEqual(key);

    /// <summary>The keys that are accepted at a time.</summary>
    public IReadOnlyList<byte[]> ValidAt(DateTimeOffset now) => now < PreviousUntil ? both : newest;
}
