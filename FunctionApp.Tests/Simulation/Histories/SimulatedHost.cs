using PointWebhooks.LocalHost.Hosting;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>The Functions host: instances that come and go, messages and timers that it hands to one of them.</summary>
internal sealed class SimulatedHost
{
    private static readonly TimeSpan LongestPollingInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, FunctionDescriptor> OfQueue = FunctionDescriptor.All
        .Where(function => function.Trigger is QueueTrigger)
        .ToDictionary(function => ((QueueTrigger)function.Trigger).QueueName);

    private readonly World world;
    private readonly List<SimulatedInstance> all = [];
    private readonly Dictionary<SimulatedInstance, QueueListener> listeners = [];

    public SimulatedHost(World world)
    {
        this.world = world;
        world.Storage.Queues.BecomesVisible += (queue, at) =>
        {
            if (OfQueue.ContainsKey(queue))
                world.Timeline.After(at - world.Timeline.Now + world.Plan.UpTo(LongestPollingInterval), owner: null, () => Poll(queue));
        };
        for (var i = 0; i < world.Plan.Instances; i++)
            Start();
    }

    /// <summary>Every instance there ever was.</summary>
    public IReadOnlyList<SimulatedInstance> Instances => all;

    /// <summary>How many messages are being worked on by instances that live.</summary>
    public int Running => listeners.Where(one => !one.Key.Process.IsDead).Sum(one => one.Value.Running);

    /// <summary>One of the instances that take work, or null when there is none.</summary>
    public SimulatedInstance? AnyServing()
    {
        var serving = all.Where(instance => instance.IsServing).ToArray();
        return serving.Length == 0 ? null : world.Plan.Pick<SimulatedInstance>(serving);
    }

    /// <summary>Lets an instance die at once; another one takes its place after a while.</summary>
    public void Kill(SimulatedInstance instance)
    {
        if (instance.Process.IsDead)
            return;
        instance.Kill();
        world.Timeline.After(world.Plan.UpTo(LongestStart), owner: null, Start);
    }

    /// <summary>Tells an instance to stop; after a time of grace it dies.</summary>
    public void Stop(SimulatedInstance instance)
    {
        world.Note(instance.Process.Name, "is told to stop");
        instance.Stop();
        world.Timeline.After(world.Plan.UpTo(Grace), owner: null, () => Kill(instance));
    }

    /// <summary>Runs a timer function on one instance; sometimes on two, as when the lock of a timer is lost.</summary>
    public void RunTimer(string name)
    {
        var function = FunctionDescriptor.All.Single(function => function.Name == name);
        for (var i = 0; i < (world.Plan.Happens(0.05) ? 2 : 1); i++)
        {
            if (AnyServing() is { } instance)
                instance.Process.Start(() => RunTimerAsync(instance, function));
        }
    }

    private void Start()
    {
        var instance = new SimulatedInstance(world, $"instance-{all.Count}");
        all.Add(instance);
        listeners.Add(instance, new QueueListener(world, instance, Poll));
    }

    private void Poll(string queue)
    {
        // The host would ask and get nothing.
        if (!world.Storage.Queues.Messages(queue).Any(message => message.VisibleAt <= world.Timeline.Now))
            return;
        if (AnyServing() is { } instance)
            instance.Process.Start(() => listeners[instance].ReceiveAsync(queue, OfQueue[queue]));
        else
            world.Timeline.After(LongestPollingInterval, owner: null, () => Poll(queue));
    }

    // The host logs the exception and goes on with the next run.
    private async Task RunTimerAsync(SimulatedInstance instance, FunctionDescriptor function)
    {
        try
        {
            await instance.InvokeAsync(function, null);
        }
        catch (Exception e)
        {
            world.NoteFailure(instance.Process.Name, function.Name, e);
        }
    }
}
