namespace PointWebhooks.Tests.Support;

/// <summary>
/// A clock that goes a number of times as fast as the real one, or is ahead of it: a lease of a minute ends in seconds; or one that goes
/// slower. Processes that are given the same origin agree on the time, as machines with the real clock do.
/// </summary>
internal sealed class ScaledClock(DateTimeOffset origin, double factor, TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => origin + shift + ((System.GetUtcNow() - origin) * factor);

    public override long GetTimestamp() => (long)(System.GetTimestamp() * factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(System.CreateTimer(callback, state, Real(dueTime), Real(period)), Real);

    // Rounded up: a timer that fires early would make its owner see the time before the one it waited for.
    private TimeSpan Real(TimeSpan scaled) =>
        scaled <= TimeSpan.Zero ? scaled : TimeSpan.FromMilliseconds(Math.Ceiling(scaled.TotalMilliseconds / factor) + 1);

    private sealed class ScaledTimer(ITimer timer, Func<TimeSpan, TimeSpan> real) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(real(dueTime), real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
