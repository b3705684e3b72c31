namespace PointWebhooks.Receiving;

/// <summary>The answer to a request whose event is kept.</summary>
/// <param name="Status"><see cref="Accepted"/>, <see cref="Duplicate"/> or <see cref="Quarantined"/>.</param>
/// <param name="IdempotencyKey">The key the event is kept under; null while its body may not be read.</param>
public sealed record KeptEvent(string Status, string? IdempotencyKey)
{
    /// <summary>The event is new.</summary>
    public const string Accepted = "accepted";

    /// <summary>The event was accepted before.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>The event is kept unread until its signature can be checked.</summary>
    public const string Quarantined = "quarantined";
}
