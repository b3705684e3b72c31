using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Scheduling;

/// <summary>The way of a process's calls to storage and back, in virtual time.</summary>
/// <param name="timeline">The timeline.</param>
/// <param name="process">The process.</param>
/// <param name="conditions">Decides how a call fares.</param>
internal sealed class SimulatedNetwork(Timeline timeline, SimulatedProcess process, INetworkConditions conditions)
{
    /// <summary>The path.</summary>
    public Task<StorageAnswer> SendAsync(StorageCall call, CancellationToken cancellationToken)
    {
        var fault = conditions.FaultOf(call);
        // It is completed on the timeline, where its continuations run at once: without a context, as the Azure SDK wants it.
        var answered = new TaskCompletionSource<StorageAnswer>();
        // A request that is on its way arrives, whether its sender lives on and waits for it, or not.
        timeline.After(conditions.Latency() + fault.Delay, owner: null, () => Arrive(call, fault, answered));
        cancellationToken.UnsafeRegister(
            _ => timeline.After(TimeSpan.Zero, process, () => answered.TrySetCanceled(cancellationToken)), null);
        return answered.Task;
    }

    private void Arrive(StorageCall call, Fault fault, TaskCompletionSource<StorageAnswer> answered)
    {
        var answer = call.Answer(fault);
        timeline.Trace.Add(timeline.Now, process.Name, $"{call.Operation} {call.Request.Path} {answer.Status} {fault.Answer}");
        if (fault.Answer == FaultAnswer.Arrives)
            timeline.After(conditions.Latency(), process, () => answered.TrySetResult(answer));
        else if (fault.Answer == FaultAnswer.ConnectionLost)
            timeline.After(conditions.Latency(), process, () => answered.TrySetException(FaultInjection.ConnectionLost()));
    }
}
