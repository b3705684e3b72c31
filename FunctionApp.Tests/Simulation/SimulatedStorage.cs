using Azure.Core.Pipeline;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Simulation.Queues;
using PointWebhooks.Tests.Simulation.Tables;

namespace PointWebhooks.Tests.Simulation;

/// <summary>
/// A storage account in memory, behind the transport of the Azure SDK's clients: they, and all code above them, run unchanged.
/// The conformance tests hold it and Azurite to the same behaviour.
/// </summary>
internal sealed class SimulatedStorage(TimeProvider time)
{
    /// <summary>The host of its tables. Names under <c>.invalid</c> never resolve: no mistake leads to a real account.</summary>
    public const string TableHost = "simulated.table.invalid";

    /// <summary>A connection string for its clients, which needs a <see cref="Transport"/>.</summary>
    public const string ConnectionString =
        "DefaultEndpointsProtocol=https;AccountName=simulated;AccountKey=c2ltdWxhdGVk;"
        + "TableEndpoint=https://" + TableHost + "/;QueueEndpoint=https://simulated.queue.invalid/";

    private readonly Lock gate = new();

    /// <summary>The calls so far.</summary>
    public CallLog Calls { get; } = new();

    /// <summary>Its tables.</summary>
    public SimulatedTables Tables { get; } = new(time);

    /// <summary>Its queues.</summary>
    public SimulatedQueues Queues { get; } = new(time);

    /// <summary>What carries the requests of clients to this account.</summary>
    /// <param name="path">What becomes of each call, or null to perform and answer every one.</param>
    public HttpPipelineTransport Transport(CallPath? path = null) =>
        new SimulatedTransport(this, path ?? ((call, _) => Task.FromResult(call.Perform())));

    /// <summary>Lets a request take effect, and answers it.</summary>
    public StorageAnswer Perform(StorageRequest request, bool redelivers)
    {
        lock (gate)
        {
            try
            {
                return IsOfTables(request) ? Tables.Perform(request) : Queues.Perform(request, redelivers);
            }
            catch (StorageException refusal)
            {
                return Refuse(request, refusal);
            }
        }
    }

    /// <summary>Answers a request that is refused.</summary>
    public static StorageAnswer Refuse(StorageRequest request, StorageException reason) =>
        IsOfTables(request) ? TableAnswers.Error(reason) : QueueAnswers.Error(reason);

    private static bool IsOfTables(StorageRequest request) => request.Operation <= StorageOperation.Transaction;
}
