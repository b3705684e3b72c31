using PointWebhooks.Benchmarks.Report;
using PointWebhooks.Benchmarks.Servers;
using PointWebhooks.Tests;
using PointWebhooks.Tests.Reliability.Support;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>What happens where nothing does.</summary>
internal sealed class IdleBenchmark : IBenchmark
{
    private const int Minutes = 10;

    public string Name => "idle";

    public string Description => "storage calls of ten minutes without an event, counted on the way to the emulator";

    public async Task<ReportTable> RunAsync(CancellationToken cancellationToken)
    {
        var steps = new StepPoints();
        await using var proxy = await StorageProxy.StartAsync(StorageEmulator.NewAccount(), steps);
        using var server = await MeasuredServer.StartAsync(
            MeasuredServers.Product, ProductServer.Settings(proxy.ConnectionString, "http", "queue", "timer"));
        // What only a start does is over.
        await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken);
        var (before, busy) = (Counts(steps), server.Processor);
        await Task.Delay(TimeSpan.FromMinutes(Minutes), cancellationToken);

        var table = new ReportTable("What", "An hour");
        foreach (var (name, count) in Counts(steps).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (count - before.GetValueOrDefault(name) is > 0 and var calls)
                table.Add(name, $"{calls * 60 / Minutes}");
        }

        table.Add("processor time of LocalHost, in seconds", $"{(server.Processor - busy).TotalSeconds * 60 / Minutes:0.0}");
        return table;
    }

    private static Dictionary<string, int> Counts(StepPoints steps) => steps.Reached
        .Where(point => point.Key.EndsWith(".before", StringComparison.Ordinal))
        .ToDictionary(point => point.Key[..^".before".Length], point => point.Value);
}
