namespace PointWebhooks.LocalHost.Hosting;

/// <summary>
/// The pauses between polls of a queue, as the Functions host makes them: 100 ms after a message was found, then exponentially
/// longer with 20 % of jitter, up to the maximum.
/// </summary>
internal sealed class PollingBackoff(TimeSpan maximum, Random random)
{
    private static readonly TimeSpan Minimum = TimeSpan.FromMilliseconds(100);

    private int pauses;

    /// <summary>A message was found.</summary>
    public void Reset() => pauses = 0;

    /// <summary>The next pause.</summary>
    public TimeSpan Next()
    {
        var pause = pauses == 0 ? Minimum : Minimum + (Minimum * Math.Pow(2, pauses - 1) * (0.8 + (0.4 * random.NextDouble())));
        if (pause >= maximum)
            return maximum;
        pauses++;
        return pause;
    }
}
