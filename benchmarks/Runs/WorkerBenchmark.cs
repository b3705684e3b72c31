using System.Net;
using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Benchmarks.Report;
using PointWebhooks.Benchmarks.Servers;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>The worker process beside that of a minimal function app of the same packages.</summary>
internal sealed class WorkerBenchmark : IBenchmark
{
    private const int FirstRefusals = 1000;
    private const int Refusals = 6000;
    private const int RefusalsWarmUp = 5;
    private const int Acceptances = 300;

    public string Name => "worker";

    public string Description => "the deployed worker under the protocol of the Functions host, against a minimal function app";

    public async Task<ReportTable> RunAsync(CancellationToken cancellationToken)
    {
        await using var minimal = await WorkerUnderLoad.StartAsync(await PublishedApp.MinimalAsync());
        await using var product = await WorkerUnderLoad.StartAsync(await PublishedApp.ProductAsync());
        var table = Compared.Table();
        await CompareAsync("the first 9,000, forged, 64 at once", 0, Forged(FirstRefusals));
        await CompareAsync("forged, 64 at once", RefusalsWarmUp, Forged(Refusals));
        await CompareAsync(
            "not signed, 64 at once", RefusalsWarmUp, worker => worker.LoadAsync(64, Refusals, null, HttpStatusCode.Unauthorized));
        await CompareAsync("accepted, 8 at once", 1, worker => worker.LoadAsync(8, Acceptances, RawRequest.Key, HttpStatusCode.Accepted));
        await CompareAsync("accepted, one by one", 1, worker => worker.LoadAsync(1, Acceptances, RawRequest.Key, HttpStatusCode.Accepted));
        return table;

        async Task CompareAsync(string what, int warmUp, Func<WorkerUnderLoad, Task<LoadResult>> load)
        {
            var compared = new Compared();
            compared.Add("minimal app", () => load(minimal));
            compared.Add("this app", () => load(product));
            await compared.RunAsync(warmUp);
            compared.Describe(table, what);
        }

        static Func<WorkerUnderLoad, Task<LoadResult>> Forged(int count) =>
            worker => worker.LoadAsync(64, count, "another key", HttpStatusCode.Unauthorized);
    }
}
