namespace PointWebhooks.Tests.Support;

/// <summary>
/// A clock that stands still until it is moved. Only the date does: waiting and limits take their real time, so that nothing waits for ever
/// where nobody moves the clock.
/// </summary>
internal sealed class PinnedClock(DateTimeOffset now) : TimeProvider
{
    private readonly Lock gate = new();
    private DateTimeOffset now = now;

    public void Advance(TimeSpan by)
    {
        lock (gate)
            now += by;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }
}
