namespace PointWebhooks.Settings;

/// <summary>Section <c>Retry</c>: when a failed event is tried again.</summary>
public sealed class RetryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Retry";

    /// <summary>The schedule when none is set: an outage of a day downstream loses nothing.</summary>
    public static readonly IReadOnlyList<TimeSpan> DefaultSchedule =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
    ];

    /// <summary>
    /// The pauses before the second attempt, the third and so on, as <c>d.hh:mm:ss</c>, 1 s to 6 days each; after the attempt
    /// that follows the last, an event is dead. Null or empty means <see cref="DefaultSchedule"/>.
    /// </summary>
    // No default here: the configuration binder would append to it instead of replacing it.
    public TimeSpan[]? Schedule { get; set; }

    /// <summary>The schedule that is in force.</summary>
    public IReadOnlyList<TimeSpan> Pauses => Schedule is { Length: > 0 } configured ? configured : DefaultSchedule;
}
