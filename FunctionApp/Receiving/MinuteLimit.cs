namespace PointWebhooks.Receiving;

/// <summary>Lets one line a minute through to the log: what anybody can cause must not use up its daily cap.</summary>
internal sealed class MinuteLimit(TimeProvider time)
{
    private long nextAt;

    /// <summary>Whether the last line that was let through is a minute old.</summary>
    public bool LetsThrough()
    {
        var (now, next) = (time.GetUtcNow(), Interlocked.Read(ref nextAt));
        return now.UtcTicks >= next
            && Interlocked.CompareExchange(ref nextAt, (now + TimeSpan.FromMinutes(1)).UtcTicks, next) == next;
    }
}
