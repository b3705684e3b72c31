using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Settings;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>Records failed attempts and arranges what follows: another attempt after a pause, or the end.</summary>
internal sealed partial class FailedAttempts(
    IOptions<RetryOptions> options, EventQueues queues, PointMetrics metrics, Random random, ILogger<FailedAttempts> logger)
{
    /// <summary>What is said of an attempt whose lease ended before its work did.</summary>
    public const string InstanceGone = "The instance that processed the event was gone before it had finished.";

    /// <summary>
    /// The longest pause after which a message of its own comes, hidden until then. The host's scaling takes hidden messages for
    /// work as soon as another one is visible: those of an outage of hours would start every instance it may, again and again. So the
    /// relay sends the message that ends a longer pause.
    /// </summary>
    public static readonly TimeSpan LongestHidden = TimeSpan.FromMinutes(10);

    // What failed together must not come back together.
    private const double Jitter = 0.1;

    /// <summary>
    /// Records a failed attempt and arranges the next one, after the pause of the schedule, up to 10 % shorter or longer;
    /// after the last attempt the event is dead.
    /// </summary>
    /// <param name="atLeast">The least pause, up to 10 % longer; or null.</param>
    /// <returns>How the event stands: <see cref="SpanOutcome.Retrying"/> or <see cref="SpanOutcome.Dead"/>.</returns>
    public async Task<string> RetryOrMarkDeadAsync(EventLease lease, string error, TimeSpan? atLeast = null)
    {
        var pauses = options.Value.Schedule;
        if (lease.Event.Attempts >= pauses.Count)
            return await MarkDeadAsync(lease, error);

        var jitter = random.NextDouble();
        var pause = pauses[lease.Event.Attempts] * (1 - Jitter + (2 * Jitter * jitter));
        if (atLeast * (1 + (Jitter * jitter)) is { } least && least > pause)
            pause = least;
        var isRelayed = pause > LongestHidden;
        // The ledger first: should the message get lost, the relay sends another one.
        await lease.RetryAsync(error, pause, isRelayed);
        metrics.Retried(lease.Event.Type);
        LogRetry(lease.Event.Id.Value, lease.Event.Attempts, pause.TotalSeconds);
        if (!isRelayed)
            await queues.TrySendAsync(EventMessage.Of(lease.Event), pause);
        return SpanOutcome.Retrying;
    }

    /// <summary>Records a failed attempt as the last one.</summary>
    /// <returns><see cref="SpanOutcome.Dead"/>.</returns>
    public async Task<string> MarkDeadAsync(EventLease lease, string error)
    {
        await lease.DieAsync(error);
        metrics.Dead(lease.Event.Type);
        LogDead(lease.Event.Id.Value, lease.Event.Attempts, LogText.OneLine(error));
        return SpanOutcome.Dead;
    }

    [LoggerMessage(13, LogLevel.Warning, "Attempt {Attempt} of event {PointEvent} failed; the next one follows in {Seconds:0} s.")]
    private partial void LogRetry(string pointEvent, int attempt, double seconds);

    [LoggerMessage(
        14, LogLevel.Error, "Event {PointEvent} is dead after {Attempts} attempts: {Error} Replay it once the cause is fixed.")]
    private partial void LogDead(string pointEvent, int attempts, string error);
}
