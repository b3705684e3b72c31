namespace PointWebhooks.Tests.Simulation.Scheduling;

/// <summary>
/// Virtual time: what is to happen, in its order, on one thread and without waiting. Code under simulation runs inside a
/// <see cref="SimulatedProcess"/>, whose continuations come here; everything it waits for happens here. So a run depends on nothing
/// but what was planned. Code that continues on another thread would break that: it ends the run with an error that says where.
/// </summary>
internal sealed class Timeline
{
    private readonly PriorityQueue<PlannedEvent, (long Ticks, long Number)> planned = new();
    private readonly Queue<(SimulatedProcess Process, SendOrPostCallback Callback, object? State)> ready = [];
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long numbers;
    private volatile Exception? failure;

    /// <summary>The time by a clock that is right.</summary>
    public DateTimeOffset Now { get; private set; } = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What happened, for comparison.</summary>
    public Trace Trace { get; } = new();

    /// <summary>Plans something.</summary>
    /// <param name="delay">How long from now.</param>
    /// <param name="owner">The process without which it does not happen, or null.</param>
    /// <param name="happen">What happens.</param>
    public PlannedEvent After(TimeSpan delay, SimulatedProcess? owner, Action happen)
    {
        var one = new PlannedEvent(owner, happen);
        // The Azure SDK gives up on what a dead process has left after 100 real seconds, on a thread of its own.
        if (owner?.IsDead != true && IsOnOwnThread())
            planned.Enqueue(one, ((Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero)).UtcTicks, numbers++));
        return one;
    }

    /// <summary>Lets a continuation of a process run next, behind those that wait already.</summary>
    public void Post(SimulatedProcess process, SendOrPostCallback callback, object? state)
    {
        // What a dead process has left is finalized whenever the garbage collector pleases.
        if (!process.IsDead && IsOnOwnThread())
            ready.Enqueue((process, callback, state));
    }

    /// <summary>Ends the run with an error.</summary>
    public void Fail(Exception error) => Interlocked.CompareExchange(ref failure, error, null);

    /// <summary>Runs until something is so; false when it is not until a time, or nothing is planned any more.</summary>
    public bool RunUntil(Func<bool> isSo, DateTimeOffset limit)
    {
        var outside = SynchronizationContext.Current;
        try
        {
            while (!isSo())
            {
                var hasStepped = Step(limit);
                if (failure is { } error)
                    throw new InvalidOperationException(error.Message, error);
                if (!hasStepped)
                    return false;
            }

            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    private bool Step(DateTimeOffset limit)
    {
        if (ready.TryDequeue(out var continuation))
        {
            if (!continuation.Process.IsDead)
            {
                SynchronizationContext.SetSynchronizationContext(continuation.Process);
                continuation.Callback(continuation.State);
            }

            return true;
        }

        if (!planned.TryPeek(out var next, out var at) || at.Ticks > limit.UtcTicks)
            return false;
        planned.Dequeue();
        if (next.IsCancelled || next.Owner?.IsDead == true)
            return true;

        Now = new DateTimeOffset(at.Ticks, TimeSpan.Zero);
        // Without a context, so that awaits of the Azure SDK, which ask for none, continue here and not on the thread pool.
        SynchronizationContext.SetSynchronizationContext(null);
        next.Happen();
        return true;
    }

    // Not thrown to whoever comes: on a thread of the pool, that would end the whole test run.
    private bool IsOnOwnThread()
    {
        var isOwn = Environment.CurrentManagedThreadId == thread;
        if (!isOwn)
            Fail(new InvalidOperationException($"The code under simulation went on on another thread:\n{Environment.StackTrace}"));
        return isOwn;
    }
}
