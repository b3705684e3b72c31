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
    /// <param name="redelivers">Whether the messages it receives are delivered to the next one who asks as well.</param>
    public StorageAnswer Perform(bool redelivers = false) => storage.Perform(request, redelivers);

    /// <summary>The answer of a service that refuses it.</summary>
    public StorageAnswer Refuse(StorageException reason) => SimulatedStorage.Refuse(request, reason);

    public override string ToString() => $"{Operation} {Resource}";
}
