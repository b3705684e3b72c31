using Azure.Data.Tables;
using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Benchmarks.Report;
using PointWebhooks.Benchmarks.Servers;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;
using PointWebhooks.Tests;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>From the receipt of an event to the end of its handler, as the ledger has it.</summary>
internal sealed class LatencyBenchmark : IBenchmark
{
    private const int IdleEvents = 15;
    private const int BusyEvents = 300;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(12.3);
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(50);

    public string Name => "latency";

    public string Description => "from receipt to completion, where events come rarely and where they come twenty a second";

    public async Task<ReportTable> RunAsync(CancellationToken cancellationToken)
    {
        var table = new ReportTable("What", "Seconds, median (lowest–highest)");
        table.Add("one event every 12 s", $"{await MeasureAsync(IdleEvents, Pause, cancellationToken)}");
        table.Add("20 events a second", $"{await MeasureAsync(BusyEvents, BusyPause, cancellationToken)}");
        return table;
    }

    private static async Task<Samples> MeasureAsync(int count, TimeSpan pause, CancellationToken cancellationToken)
    {
        var storage = StorageEmulator.NewAccount();
        using var server = await MeasuredServer.StartAsync(MeasuredServers.Product, ProductServer.Settings(storage, "http", "queue"));
        for (var i = 0; i < count; i++)
        {
            await LoadGenerator.RunAsync(server.Url, 1, [RawRequest.Authentic(server.Url)], 202, () => server.Processor);
            await Task.Delay(pause, cancellationToken);
        }

        var completed = new List<double>();
        for (var deadline = DateTime.UtcNow + Settle; completed.Count < count && DateTime.UtcNow < deadline;)
        {
            completed = [];
            await foreach (var row in new TableClient(storage, PointTable.Name).QueryAsync<TableEntity>(cancellationToken: cancellationToken))
            {
                if (EventId.TryParse(row.RowKey) is not null && LedgerRows.ToEvent(row) is { FinishedAt: { } end } done)
                    completed.Add((end - done.ReceivedAt).TotalSeconds);
            }
        }

        return new Samples(completed);
    }
}
