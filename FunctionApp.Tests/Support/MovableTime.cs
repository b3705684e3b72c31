namespace PointWebhooks.Tests.Support;

/// <summary>The real time, with what was added to it: timers and timeouts run on as they do, and what lasts hours can be skipped.</summary>
internal sealed class MovableTime : TimeProvider
{
    private TimeSpan added;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + added;

    public void Advance(TimeSpan time) => added += time;
}
