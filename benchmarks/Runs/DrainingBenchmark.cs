using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Benchmarks.Report;
using PointWebhooks.Benchmarks.Servers;
using PointWebhooks.Queues;
using PointWebhooks.Tests;
using PointWebhooks.Tests.Reliability.Support;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>What has gathered in a queue: claimed, handled, completed, deleted.</summary>
internal sealed class DrainingBenchmark : IBenchmark
{
    private const int Rounds = 3;
    private const int Events = 3_000;
    private const int EventsOnSlowStorage = 600;

    private static readonly TimeSpan SlowAnswer = TimeSpan.FromMilliseconds(20);

    public string Name => "draining";

    public string Description => "a queue that is full, against a bare loop of the same storage calls, and with storage that is slow";

    public async Task<ReportTable> RunAsync(CancellationToken cancellationToken)
    {
        var (bare, product) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            bare.Add(await BareDrain.RateAsync(StorageEmulator.NewAccount(), Events));
            product.Add(await RateAsync(StorageEmulator.NewAccount(), Events, batch: 32, threshold: 64));
        }

        var table = new ReportTable("What", "By", "Events a second", "Times the first");
        var first = new Samples(bare);
        table.Add($"{Events} events", "bare loop, 96 at once", $"{first}", "1");
        table.Add($"{Events} events", "this app in LocalHost, 32 and 64", $"{new Samples(product)}", $"{new Samples(product).Over(first)}");

        var slow = new List<(string Name, double Rate)>();
        foreach (var (batch, threshold) in ((int, int)[])[(16, 16), (32, 32), (32, 64), (32, 128)])
        {
            var steps = new StepPoints { At = PassSlowlyAsync };
            await using var proxy = await StorageProxy.StartAsync(StorageEmulator.NewAccount(), steps);
            slow.Add(($"batchSize {batch}, newBatchThreshold {threshold}", await RateAsync(proxy.ConnectionString, EventsOnSlowStorage, batch, threshold)));
        }

        foreach (var (name, rate) in slow)
            table.Add($"{EventsOnSlowStorage} events, {SlowAnswer.TotalMilliseconds} ms added to each storage call", name, $"{rate:0}", $"{rate / slow[0].Rate:0.00}");
        return table;
    }

    private static async Task<double> RateAsync(string storage, int count, int batch, int threshold)
    {
        using (var receiving = await MeasuredServer.StartAsync(MeasuredServers.Product, ProductServer.Settings(storage, "http")))
        {
            var requests = Enumerable.Range(0, count).Select(_ => RawRequest.Authentic(receiving.Url));
            await LoadGenerator.RunAsync(receiving.Url, 16, [.. requests], 202, () => receiving.Processor);
        }

        var settings = ProductServer.Settings(storage, "queue");
        settings["AzureFunctionsJobHost__extensions__queues__batchSize"] = $"{batch}";
        settings["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"] = $"{threshold}";
        using var processing = await MeasuredServer.StartAsync(MeasuredServers.Product, settings);
        return await QueueDrain.RateAsync(storage, QueueNames.ProvisioningStarted, count);
    }

    private static async Task<Verdict> PassSlowlyAsync(string point)
    {
        if (point.EndsWith(".before", StringComparison.Ordinal))
            await Task.Delay(SlowAnswer);
        return Verdict.Pass;
    }
}
