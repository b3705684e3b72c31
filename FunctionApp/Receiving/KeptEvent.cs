namespace PointWebhooks.Receiving;

/// <summary>The answer to a request whose event is kept.</summary>
/// <param name="Status"><c>accepted</c>, or <c>duplicate</c> when it had been accepted before.</param>
/// <param name="IdempotencyKey">The key the event is kept under.</param>
public sealed record KeptEvent(string Status, string IdempotencyKey)
{
    /// <summary>The event is new.</summary>
    public const string Accepted = "accepted";

    /// <summary>The event was accepted before.</summary>
    public const string Duplicate = "duplicate";
}
