using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>Runs sweeps of the relay, and nothing else of the app, and counts their requests to storage.</summary>
internal sealed class RelaySweeps : IAsyncDisposable
{
    private const string Type = "ProvisioningStarted";
    // The most that one transaction of a table takes.
    private const int TransactionSize = 100;

    private readonly string storage = StorageEmulator.NewAccount();
    private readonly StepPoints points = new();
    private readonly TimeProvider time;
    private StorageProxy proxy = null!;
    private ServiceProvider services = null!;
    private int added;

    private RelaySweeps(TimeProvider time) => this.time = time;

    private EventLedger Ledger => services.GetRequiredService<EventLedger>();

    public static async Task<RelaySweeps> StartAsync(TimeProvider time)
    {
        var sweeps = new RelaySweeps(time);
        // Made before, as by the deployment: only the sweep itself is to be counted.
        await new TableClient(sweeps.storage, PointTable.Name).CreateIfNotExistsAsync();
        await new QueueClient(sweeps.storage, QueueNames.For(Type)).CreateIfNotExistsAsync();
        sweeps.proxy = await StorageProxy.StartAsync(sweeps.storage, sweeps.points);
        var settings = ValidSettings.With(("AzureWebJobsStorage", sweeps.proxy.ConnectionString));
        sweeps.services = new ServiceCollection().AddLogging().AddSingleton(time).AddPointWebhooks(settings).BuildServiceProvider();
        return sweeps;
    }

    /// <summary>What was counted, in words.</summary>
    public static string Describe(IReadOnlyDictionary<string, int> requests) =>
        $"{requests.Values.Sum()} ({string.Join(", ", requests.Select(one => $"{one.Value} {one.Key}"))})";

    /// <summary>Adds events as the receiver does.</summary>
    public Task AddReceivedAsync(int count) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = 16 },
        async (i, _) =>
            await Ledger.InsertAsync(EventLedger.New(Type, $"received-{i}", time.GetUtcNow(), time.GetUtcNow()), "{}"u8.ToArray()));

    /// <summary>Adds events that are completed, many at once: only their rows count here, not how they came about.</summary>
    public async Task AddCompletedAsync(int count)
    {
        var table = new TableClient(storage, PointTable.Name);
        var rows = Enumerable.Range(added, count).SelectMany(Completed).GroupBy(row => row.PartitionKey)
            .SelectMany(partition => partition.Chunk(TransactionSize));
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (chunk, cancellationToken) =>
            await table.SubmitTransactionAsync(
                chunk.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)),
                cancellationToken));
        added += count;
    }

    /// <summary>Runs one sweep.</summary>
    /// <returns>How often it did each step.</returns>
    public async Task<IReadOnlyDictionary<string, int>> SweepAsync()
    {
        var before = points.Reached.ToDictionary();
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<EventRelay>().SweepAsync(CancellationToken.None);
        return points.Reached
            .Where(point => point.Key.EndsWith(".before", StringComparison.Ordinal) && point.Value > before.GetValueOrDefault(point.Key))
            .ToDictionary(point => point.Key[..^".before".Length], point => point.Value - before.GetValueOrDefault(point.Key));
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await proxy.DisposeAsync();
    }

    private IEnumerable<TableEntity> Completed(int number)
    {
        var now = time.GetUtcNow();
        var completed = EventLedger.New(Type, $"completed-{number}", now, now) with { State = EventState.Completed, FinishedAt = now };
        return EventIndex.RowsOf(completed, withName: true).Prepend(LedgerRows.Whole(completed, "{}"u8.ToArray(), "test"));
    }
}
