using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Scheduling;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>How the calls of one instance fare.</summary>
internal sealed class Conditions(World world) : INetworkConditions
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(15);

    /// <summary>When calls of the instance met faults.</summary>
    public List<DateTimeOffset> Faults { get; } = [];

    public TimeSpan Latency() => Shortest + world.Plan.UpTo(Usual);

    public Fault FaultOf(StorageCall call)
    {
        var fault = world.Trouble.FaultOf(call, world.Timeline.Now);
        if (fault != Fault.None && fault != Fault.Redelivers)
            Faults.Add(world.Timeline.Now);
        return fault;
    }
}
