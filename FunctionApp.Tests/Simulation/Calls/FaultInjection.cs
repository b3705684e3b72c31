using Azure;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Calls;

/// <summary>A path on which calls meet faults.</summary>
/// <param name="time">The clock of their delays.</param>
internal sealed class FaultInjection(TimeProvider time)
{
    /// <summary>Decides on the fault of a call, when it is sent.</summary>
    public Func<StorageCall, Fault> Plan { get; set; } = _ => Fault.None;

    /// <summary>The faults of the next calls of one operation, in their order; calls after them meet none.</summary>
    public void Next(StorageOperation operation, params IEnumerable<Fault> faults)
    {
        var queue = new Queue<Fault>(faults);
        Plan = call => call.Operation == operation && queue.TryDequeue(out var fault) ? fault : Fault.None;
    }

    /// <summary>The path.</summary>
    public async Task<StorageAnswer> SendAsync(StorageCall call, CancellationToken cancellationToken) =>
        await ServeAsync(call, Plan(call)).WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>What a caller finds whose connection is gone.</summary>
    public static RequestFailedException ConnectionLost() => new("The connection was reset.");

    // What the service does with a request that reached it, whether its sender waits or not.
    private async Task<StorageAnswer> ServeAsync(StorageCall call, Fault fault)
    {
        if (fault.Delay > TimeSpan.Zero)
            await Task.Delay(fault.Delay, time).ConfigureAwait(false);
        var answer = call.Answer(fault);
        return fault.Answer switch
        {
            FaultAnswer.Arrives => answer,
            FaultAnswer.ConnectionLost => throw ConnectionLost(),
            _ => await new TaskCompletionSource<StorageAnswer>().Task.ConfigureAwait(false),
        };
    }
}
