namespace PointWebhooks.Signatures;

/// <summary>
/// How often wrong signatures may cause Syskit Point to be asked for its key: once per interval in the long run, whoever sends
/// them, with a few in reserve for the first ones. Not safe for use by several threads at once.
/// </summary>
/// <param name="reserve">How many may come at once after a quiet time.</param>
internal sealed class FetchThrottle(TimeSpan interval, int reserve)
{
    // When all of the reserve is there again.
    private DateTimeOffset full = DateTimeOffset.MinValue;
    private DateTimeOffset notBefore = DateTimeOffset.MinValue;

    /// <summary>When the next fetch for a wrong signature is allowed.</summary>
    public DateTimeOffset Opens
    {
        get
        {
            var opens = full == DateTimeOffset.MinValue ? full : full - (interval * (reserve - 1));
            return opens > notBefore ? opens : notBefore;
        }
    }

    /// <summary>Whether a fetch that no wrong signature caused is allowed: any time but shortly after a failure.</summary>
    public bool Allows(DateTimeOffset now) => now >= notBefore;

    /// <summary>Takes one from the reserve for a wrong signature, if one is left.</summary>
    public bool TryTake(DateTimeOffset now)
    {
        if (now < Opens)
            return false;
        full = (full > now ? full : now) + interval;
        return true;
    }

    /// <summary>After a failure nothing is asked for an interval.</summary>
    public void Failed(DateTimeOffset now) => notBefore = now + interval;
}
