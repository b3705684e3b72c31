using System.Diagnostics;
using System.Net;
using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Benchmarks.Report;
using PointWebhooks.Benchmarks.Servers;
using PointWebhooks.Simulator;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>From the start of the worker process to its first 202.</summary>
internal sealed class StartBenchmark : IBenchmark
{
    private const int Rounds = 11;

    public string Name => "start";

    public string Description => "from the start of the worker process to its first 202, against a minimal function app";

    public async Task<ReportTable> RunAsync(CancellationToken cancellationToken)
    {
        var apps = new List<(string Name, string Folder, List<double> Times)>
        {
            ("minimal app", await PublishedApp.MinimalAsync(), []),
            ("this app", await PublishedApp.ProductAsync(), []),
            ("this app, not precompiled", await PublishedApp.ProductAsync(isReadyToRun: false), []),
        };
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (_, folder, times) in apps)
                times.Add(await MillisecondsAsync(folder));
        }

        var table = new ReportTable("By", "Milliseconds", "Times the first", "On disk");
        foreach (var (name, folder, times) in apps)
            table.Add(name, $"{new Samples(times)}", $"{new Samples(times).Over(new Samples(apps[0].Times))}", Size(folder));
        return table;
    }

    private static async Task<double> MillisecondsAsync(string folder)
    {
        var since = Stopwatch.GetTimestamp();
        await using var worker = await WorkerUnderLoad.StartAsync(folder);
        using var response = await worker.SendAsync(SampleEvents.Body("ProvisioningStarted", "first", 600), RawRequest.Key);
        return response.StatusCode == HttpStatusCode.Accepted
            ? Stopwatch.GetElapsedTime(since).TotalMilliseconds
            : throw new InvalidOperationException($"The worker answered {response.StatusCode}.");
    }

    private static string Size(string folder) =>
        $"{new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1e6:0.0} MB";
}
