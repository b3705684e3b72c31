using Microsoft.Extensions.Logging;

namespace PointWebhooks.Receiving;

/// <summary>How often this instance has refused requests for one reason since it started.</summary>
/// <param name="LastAt">When the last one was.</param>
internal sealed record RefusalCount(Refusal Refusal, long Count, DateTimeOffset LastAt);

/// <summary>
/// Logs refused requests: the first of a reason at once, then one line a minute with their number, so that a flood
/// of requests does not use up the daily cap of the log, which would blind every alert. The metric counts each, and so does this instance
/// for its operators.
/// </summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Enough to look at some of each kind.
    private const int TracedAMinute = 10;

    private readonly Lock gate = new();
    private readonly Dictionary<Refusal, long> unlogged = [];
    private readonly Dictionary<Refusal, RefusalCount> counted = [];
    private ITimer? timer;

    /// <summary>What this instance has refused since it started, the latest reason first.</summary>
    public IReadOnlyList<RefusalCount> Counted
    {
        get
        {
            lock (gate)
                return [.. counted.Values.OrderByDescending(one => one.LastAt)];
        }
    }

    /// <summary>Notes a refused request.</summary>
    /// <returns>Whether its spans are worth keeping: those of about ten of a reason in each minute.</returns>
    public bool Add(Refusal refusal)
    {
        lock (gate)
        {
            counted[refusal] = new RefusalCount(refusal, (counted.GetValueOrDefault(refusal)?.Count ?? 0) + 1, time.GetUtcNow());
            timer ??= StartTimer();
            if (unlogged.TryGetValue(refusal, out var count))
            {
                unlogged[refusal] = count + 1;
                return count < TracedAMinute;
            }

            unlogged[refusal] = 0;
        }

        LogRefused(1, refusal.Status, refusal.Reason);
        return true;
    }

    /// <summary>Logs what is not logged yet.</summary>
    public void Dispose()
    {
        Flush();
        timer?.Dispose();
    }

    // Its lines belong to none of the requests, least of all to the one that happened to be the first.
    private ITimer StartTimer()
    {
        using (ExecutionContext.SuppressFlow())
            return time.CreateTimer(_ => Flush(), null, Interval, Interval);
    }

    private void Flush()
    {
        List<KeyValuePair<Refusal, long>> counts;
        lock (gate)
        {
            counts = [.. unlogged];
            foreach (var (refusal, count) in counts)
            {
                // After a minute without one, the next is news again.
                if (count == 0)
                    unlogged.Remove(refusal);
                else
                    unlogged[refusal] = 0;
            }
        }

        foreach (var (refusal, count) in counts.Where(counted => counted.Value > 0))
            LogRefused(count, refusal.Status, refusal.Reason);
    }

    [LoggerMessage(3, LogLevel.Warning, "Refused {Count} request(s) with {Status}: {Reason}.")]
    private partial void LogRefused(long count, int status, string reason);
}
