using System.Globalization;
using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Benchmarks.Report;
using PointWebhooks.Benchmarks.Servers;
using PointWebhooks.Receiving;
using PointWebhooks.Simulator;
using PointWebhooks.Tests;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>How much memory the worker holds at most, and whether it grows.</summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private const int Few = 1_000;
    private const int Many = 20_000;

    public string Name => "memory";

    public string Description => "the worker's memory under large bodies at once, and this app's after few and after many events";

    public async Task<ReportTable> RunAsync(CancellationToken cancellationToken)
    {
        var folder = await PublishedApp.ProductAsync();
        var table = new ReportTable("What", "Memory", "Answers");
        foreach (var bodies in (int[])[16, 200, 1000])
        {
            await using var worker = await WorkerUnderLoad.StartAsync(folder);
            var answers = await Task.WhenAll(Enumerable.Range(0, bodies).Select(async i =>
            {
                using var answer = await worker.SendAsync(
                    SampleEvents.Body("ProvisioningStarted", $"large-{i}", BoundedBody.MaxLength), RawRequest.Key);
                return (int)answer.StatusCode;
            }));
            var counts = answers.CountBy(status => status).OrderBy(one => one.Key).Select(one => $"{one.Value} × {one.Key}");
            table.Add($"worker, {bodies} signed bodies of 256 KiB at once, peak", Mebibytes(worker.PeakMemory), string.Join(", ", counts));
        }

        using var product = await MeasuredServer.StartAsync(
            MeasuredServers.Product, ProductServer.Settings(StorageEmulator.NewAccount(), "http", "queue"));
        await SendAsync(product, Few);
        var few = product.Memory;
        table.Add($"this app in LocalHost after {Few} events", Mebibytes(few), "");
        await SendAsync(product, Many - Few);
        var ratio = ((double)product.Memory / few).ToString("0.00", CultureInfo.InvariantCulture);
        table.Add($"after {Many}", $"{Mebibytes(product.Memory)}, {ratio} times that", "");
        return table;
    }

    private static Task<LoadResult> SendAsync(MeasuredServer server, int count) => LoadGenerator.RunAsync(
        server.Url,
        8,
        [.. Enumerable.Range(0, count).Select(_ => RawRequest.Authentic(server.Url))],
        expected: 202,
        () => server.Processor);

    private static string Mebibytes(long bytes) => $"{bytes >> 20} MiB";
}
