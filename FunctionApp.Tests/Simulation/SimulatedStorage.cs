using Azure.Core;
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

    /// <summary>A connection string for its clients, which takes effect with <see cref="Connect(ClientOptions)"/>.</summary>
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

    /// <summary>Makes a client with these options a client of this account.</summary>
    public void Connect(ClientOptions options) => Connect(options, (call, _) => Task.FromResult(call.Perform()));

    /// <summary>Makes a client with these options a client of this account whose calls take a path.</summary>
    public void Connect(ClientOptions options, CallPath path)
    {
        options.Transport = new SimulatedTransport(this, path);
        // Real time must not end a call: the path does, in its own time.
        options.Retry.NetworkTimeout = Timeout.InfiniteTimeSpan;
    }

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
