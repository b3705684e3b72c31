namespace PointWebhooks.Tests.Simulation.Scheduling;

/// <summary>
/// A process: what it awaits goes on as long as it lives. After its death none of its code runs, not even a <c>finally</c>.
/// </summary>
internal sealed class SimulatedProcess(Timeline timeline, string name) : SynchronizationContext
{
    public string Name => name;

    public bool IsDead { get; private set; }

    /// <summary>Ends it.</summary>
    public void Kill()
    {
        timeline.Trace.Add(timeline.Now, name, "dies");
        IsDead = true;
    }

    /// <summary>Runs code in it. An exception that nothing in it catches ends the run.</summary>
    public void Start(Func<Task> body) => timeline.Post(this, _ => Observe(body), null);

    public override void Post(SendOrPostCallback d, object? state) => timeline.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing in a simulated process waits for its own thread.");

    public override SynchronizationContext CreateCopy() => this;

    private async void Observe(Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (Exception e)
        {
            timeline.Fail(e);
        }
    }
}
