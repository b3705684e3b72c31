namespace PointWebhooks.Receiving;

/// <summary>What became of a request: exactly one of the two is set.</summary>
/// <param name="Kept">The event that was kept, now or before.</param>
/// <param name="Refused">Why it was not.</param>
public sealed record Receipt(KeptEvent? Kept, Refusal? Refused)
{
    /// <summary>A request whose event is kept.</summary>
    public static Receipt Of(KeptEvent kept) => new(kept, null);

    /// <summary>A request that was refused.</summary>
    public static Receipt Of(Refusal refusal) => new(null, refusal);
}
