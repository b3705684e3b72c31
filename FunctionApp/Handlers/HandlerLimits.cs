namespace PointWebhooks.Handlers;

/// <summary>What a handler may do at once, in one instance of the app.</summary>
/// <param name="Concurrency">How many events at once; more wait for their turn.</param>
public sealed record HandlerLimits(int Concurrency = HandlerLimits.DefaultConcurrency)
{
    /// <summary>How many events at once unless something else is said.</summary>
    public const int DefaultConcurrency = 4;

    /// <summary>
    /// How long one run may take: less than a lease lasts, so that what an instance has begun has ended before another one may begin it
    /// again, also when storage does not answer. The time to wait for the turn is not part of it.
    /// </summary>
    internal static readonly TimeSpan TotalTime = TimeSpan.FromSeconds(45);
}
