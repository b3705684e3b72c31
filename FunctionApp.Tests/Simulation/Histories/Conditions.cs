using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Scheduling;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>How the calls of one instance fare.</summary>
internal sealed class Conditions(Plan plan, Timeline timeline, Trouble trouble) : INetworkConditions
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(15);

    /// <summary>When a call of the instance met a fault last.</summary>
    public DateTimeOffset? LastFault { get; private set; }

    public TimeSpan Latency() => Shortest + plan.UpTo(Usual);

    public Fault FaultOf(StorageCall call)
    {
        var fault = trouble.FaultOf(call, timeline.Now);
        if (fault != Fault.None && fault != Fault.Redelivers)
            LastFault = timeline.Now;
        return fault;
    }
}
