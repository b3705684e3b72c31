using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Calls;

/// <summary>What becomes of a call: performs it, or not, and answers it, or not.</summary>
internal delegate Task<StorageAnswer> CallPath(StorageCall call, CancellationToken cancellationToken);

/// <summary>One call on its way to a service.</summary>
internal sealed class StorageCall(SimulatedStorage storage, StorageRequest request)
{
    public StorageOperation Operation => request.Operation;

    /// <summary>The table or queue.</summary>
    public string Resource => request.Resource;

    public StorageRequest Request => request;

    /// <summary>Lets it take effect.</summary>
    public StorageAnswer Perform() => storage.Perform(request, redelivers: false);

    /// <summary>Lets it take effect, unless a fault keeps it from that, and answers it.</summary>
    public StorageAnswer Answer(Fault fault) => fault.TakesEffect
        ? storage.Perform(request, fault.IsRedelivered)
        : SimulatedStorage.Refuse(request, fault.IsForbidden ? StorageException.Forbidden() : StorageException.ServerBusy());

    public override string ToString() => $"{Operation} {Resource}";
}
