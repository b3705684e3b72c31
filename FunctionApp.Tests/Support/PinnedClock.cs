namespace PointWebhooks.Tests.Support;

/// <summary>
/// A clock that stands still until it is moved. Only the date does: waiting takes its real time, so that nothing waits for ever
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

    /// <summary>Budgets are twenty times as long: a busy machine is no outage.</summary>
    public override long GetTimestamp() => base.GetTimestamp() / 20;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }
}
