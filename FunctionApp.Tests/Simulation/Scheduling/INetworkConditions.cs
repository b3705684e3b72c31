using PointWebhooks.Tests.Simulation.Calls;

namespace PointWebhooks.Tests.Simulation.Scheduling;

/// <summary>How calls fare on a simulated network.</summary>
internal interface INetworkConditions
{
    /// <summary>How long a request or an answer takes.</summary>
    TimeSpan Latency();

    /// <summary>What goes wrong with a call.</summary>
    Fault FaultOf(StorageCall call);
}
