using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace PointWebhooks.Tests.LocalHost.Support;

/// <summary>A clock that stands still until it is moved, and knows what was waited for.</summary>
internal sealed class RecordedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentQueue<TimeSpan> waits = [];

    public RecordedTime()
        : this(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Every wait that was begun, in their order.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        waits.Enqueue(dueTime);
        return timer;
    }
}
