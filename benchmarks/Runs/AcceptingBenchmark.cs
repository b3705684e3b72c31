using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Benchmarks.Report;
using PointWebhooks.Benchmarks.Servers;
using PointWebhooks.Tests;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>Authentic events, each a new one, on one emulator.</summary>
internal sealed class AcceptingBenchmark : IBenchmark
{
    private const int Requests = 300;
    private const int Accepted = 202;

    public string Name => "accepting";

    public string Description => "new events over 8 connections and over one, against one insert and one message";

    public async Task<ReportTable> RunAsync(CancellationToken cancellationToken)
    {
        using var bare = await MeasuredServer.StartAsync(
            MeasuredServers.BareAccepting, ProductServer.Settings(StorageEmulator.NewAccount()));
        using var product = await MeasuredServer.StartAsync(
            MeasuredServers.Product, ProductServer.Settings(StorageEmulator.NewAccount(), "http"));

        var table = Compared.Table();
        foreach (var connections in (int[])[8, 1])
        {
            var compared = new Compared();
            compared.Add("bare Kestrel", () => LoadAsync(bare, connections));
            compared.Add("this app in LocalHost", () => LoadAsync(product, connections));
            await compared.RunAsync();
            compared.Describe(table, connections == 1 ? "one connection" : $"{connections} connections");
        }

        return table;
    }

    private static Task<LoadResult> LoadAsync(MeasuredServer server, int connections) => LoadGenerator.RunAsync(
        server.Url,
        connections,
        [.. Enumerable.Range(0, Requests).Select(_ => RawRequest.Authentic(server.Url))],
        Accepted,
        () => server.Processor);
}
