using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Benchmarks.Report;
using PointWebhooks.Benchmarks.Servers;
using PointWebhooks.Tests;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>What is not authentic, at full speed.</summary>
internal sealed class RefusingBenchmark : IBenchmark
{
    private const int Connections = 64;
    private const int Requests = 20_000;
    private const int WarmUp = 3;
    private const int Unauthorized = 401;

    public string Name => "refusing";

    public string Description => "requests that are forged or not signed, over 64 connections, one process each";

    public async Task<ReportTable> RunAsync(CancellationToken cancellationToken)
    {
        using var bare = await MeasuredServer.StartAsync(MeasuredServers.Bare);
        using var product = await MeasuredServer.StartAsync(
            MeasuredServers.Product, ProductServer.Settings(StorageEmulator.NewAccount(), "http"));
        using var octokit = await MeasuredServer.StartAsync(MeasuredServers.Octokit);
        using var adnanh = AdnanhWebhook.IsInstalled ? await AdnanhWebhook.StartAsync() : null;

        var table = Compared.Table();
        var forged = new Compared();
        forged.Add("bare Kestrel", () => LoadAsync(bare, RawRequest.Forged));
        forged.Add("this app in LocalHost", () => LoadAsync(product, RawRequest.Forged));
        forged.Add("Octokit.Webhooks.AspNetCore", () => LoadAsync(octokit, RawRequest.Forged, OctokitServer.Refused));
        if (adnanh is not null)
            forged.Add("adnanh/webhook", () => LoadAsync(adnanh, RawRequest.Forged, AdnanhWebhook.Refused));
        await forged.RunAsync(WarmUp);
        forged.Describe(table, "forged");

        var unsigned = new Compared();
        unsigned.Add("bare Kestrel", () => LoadAsync(bare, RawRequest.Unsigned));
        unsigned.Add("this app in LocalHost", () => LoadAsync(product, RawRequest.Unsigned));
        await unsigned.RunAsync(WarmUp);
        unsigned.Describe(table, "not signed");
        return table;
    }

    private static Task<LoadResult> LoadAsync(MeasuredServer server, Func<Uri, byte[]> make, int expected = Unauthorized)
    {
        var request = make(server.Url);
        return LoadGenerator.RunAsync(
            server.Url, Connections, [.. Enumerable.Repeat(request, Requests)], expected, () => server.Processor);
    }
}
