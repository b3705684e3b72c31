namespace PointWebhooks.Registration;

/// <summary>The signature key as fetched, and the one before while it is still accepted.</summary>
internal sealed record FetchedKeys(byte[] Current, DateTimeOffset FetchedAt, byte[]? Previous, DateTimeOffset PreviousUntil)
{
    /// <summary>The keys after another fetch.</summary>
    public static FetchedKeys Next(FetchedKeys? before, byte[] fetched, DateTimeOffset now) =>
        before is null ? new FetchedKeys(fetched, now, null, now)
        : before.Current.AsSpan().SequenceEqual(fetched) ? before with { FetchedAt = now }
        : new FetchedKeys(fetched, now, before.Current, now + SignatureKeys.PreviousKeyLifetime);

    /// <summary>The keys that are accepted at a time.</summary>
    public IReadOnlyList<byte[]> ValidAt(DateTimeOffset now) =>
        Previous is not null && now < PreviousUntil ? [Current, Previous] : [Current];
}
