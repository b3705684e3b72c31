namespace PointWebhooks.Handlers;

/// <summary>
/// Thrown by a handler that knows when to try again, such as after an answer with <c>Retry-After</c>. Any other exception is a
/// transient failure, too; this one says more.
/// </summary>
/// <param name="message">What happened, for an operator.</param>
/// <param name="retryAfter">
/// The least time until the event's next attempt, up to 6 hours; the app's schedule may make it longer.
/// </param>
/// <param name="cause">What it comes from.</param>
public sealed class TransientFailureException(string message, TimeSpan? retryAfter = null, Exception? cause = null)
    : Exception(message, cause)
{
    // Somebody else's mistake must not put an event off for a year.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>The least time until the event's next attempt, or null.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter > Longest ? Longest : retryAfter > TimeSpan.Zero ? retryAfter : null;

    /// <summary>
    /// Whether it concerns this event alone, such as a search that does not know the newest records yet. Otherwise the system that the
    /// handler calls is in trouble: the handler's other events wait as well, and the failure counts for its circuit breaker.
    /// </summary>
    public bool ConcernsEventAlone { get; init; }
}
