namespace PointWebhooks.Tests.Simulation.Scheduling;

/// <summary>The clock and the timers of a process.</summary>
/// <param name="timeline">The timeline.</param>
/// <param name="process">The process; its timers do not outlive it.</param>
/// <param name="skew">How far its clock is ahead of the right time.</param>
internal sealed class VirtualTime(Timeline timeline, SimulatedProcess process, TimeSpan skew = default) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => timeline.Now + skew;

    public override long GetTimestamp() => timeline.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(timeline, process, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(Timeline timeline, SimulatedProcess process, Action tick) : ITimer
    {
        private PlannedEvent? next;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            next?.Cancel();
            next = dueTime == Timeout.InfiniteTimeSpan ? null : timeline.After(dueTime, process, () => Tick(period));
            return true;
        }

        public void Dispose() => next?.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Tick(TimeSpan period)
        {
            if (period > TimeSpan.Zero)
                next = timeline.After(period, process, () => Tick(period));
            tick();
        }
    }
}
