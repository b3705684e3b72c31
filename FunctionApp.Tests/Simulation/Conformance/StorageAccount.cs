using Azure.Data.Tables;
using Azure.Storage.Queues;

namespace PointWebhooks.Tests.Simulation.Conformance;

/// <summary>The accounts that the conformance tests hold to one behaviour.</summary>
internal enum StorageKind
{
    Azurite,
    Simulated,
}

/// <summary>An empty account of one kind or the other.</summary>
internal sealed class StorageAccount
{
    private readonly TableServiceClient tables;
    private readonly QueueServiceClient queues;
    private int names;

    public StorageAccount(StorageKind kind)
    {
        var tableOptions = new TableClientOptions();
        var queueOptions = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        var connection = SimulatedStorage.ConnectionString;
        if (kind == StorageKind.Azurite)
        {
            connection = StorageEmulator.NewAccount();
        }
        else
        {
            var storage = new SimulatedStorage(TimeProvider.System);
            tableOptions.Transport = storage.Transport();
            queueOptions.Transport = storage.Transport();
        }

        tables = new TableServiceClient(connection, tableOptions);
        queues = new QueueServiceClient(connection, queueOptions);
    }

    /// <summary>A table that does not exist.</summary>
    public TableClient MissingTable() => tables.GetTableClient($"table{Interlocked.Increment(ref names)}");

    /// <summary>An empty table.</summary>
    public async Task<TableClient> NewTableAsync()
    {
        var table = MissingTable();
        await table.CreateAsync();
        return table;
    }

    /// <summary>A queue that does not exist.</summary>
    public QueueClient MissingQueue() => queues.GetQueueClient($"queue-{Interlocked.Increment(ref names)}");

    /// <summary>An empty queue.</summary>
    public async Task<QueueClient> NewQueueAsync()
    {
        var queue = MissingQueue();
        await queue.CreateAsync();
        return queue;
    }
}
