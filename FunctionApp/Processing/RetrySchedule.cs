using Microsoft.Extensions.Options;
using PointWebhooks.Settings;

namespace PointWebhooks.Processing;

/// <summary>How long to wait after a failed attempt.</summary>
public sealed class RetrySchedule(IOptions<RetryOptions> options)
{
    // What failed together shall not come back together.
    private const double Jitter = 0.1;

    /// <summary>
    /// The pause after so many failed attempts, up to 10 % shorter or longer than the setting; null when there is none left.
    /// </summary>
    public TimeSpan? PauseAfter(int failedAttempts) =>
        failedAttempts <= options.Value.Schedule.Count
            ? options.Value.Schedule[failedAttempts - 1] * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()))
            : null;
}
