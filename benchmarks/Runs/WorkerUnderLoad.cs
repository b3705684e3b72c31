using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Benchmarks.Servers;
using PointWebhooks.Queues;
using PointWebhooks.Simulator;
using PointWebhooks.Storage;
using PointWebhooks.Tests;
using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>A worker process that is sent requests as the Functions host sends them.</summary>
internal sealed class WorkerUnderLoad : IAsyncDisposable
{
    private const string Function = "ReceiveWebhook";

    private readonly WorkerHost host;
    private readonly Process process;

    private WorkerUnderLoad(WorkerHost host) => (this.host, process) = (host, Process.GetProcessById(host.Process.Id));

    /// <summary>The most memory that the worker has held, in bytes.</summary>
    public long PeakMemory => host.Process.PeakMemory;

    /// <summary>Starts a worker on a storage account of its own.</summary>
    /// <param name="folder">The folder of the app.</param>
    public static async Task<WorkerUnderLoad> StartAsync(string folder)
    {
        var storage = StorageEmulator.NewAccount();
        // Each finds its table and its queue, as a deployed app does at all starts but the first.
        foreach (var table in (string[])["minimal", PointTable.Name])
            await new TableClient(storage, table).CreateIfNotExistsAsync();
        foreach (var queue in (string[])["minimal", QueueNames.ProvisioningStarted])
            await new QueueClient(storage, queue).CreateIfNotExistsAsync();
        return new WorkerUnderLoad(await WorkerHost.StartAsync(ProductServer.Settings(storage), folder));
    }

    /// <summary>Sends many requests.</summary>
    /// <param name="callers">How many wait for an answer at once.</param>
    /// <param name="count">How many requests.</param>
    /// <param name="key">What signs them, or null.</param>
    /// <param name="expected">What each must be answered with.</param>
    public Task<LoadResult> LoadAsync(int callers, int count, string? key, HttpStatusCode expected)
    {
        var left = count;
        return LoadGenerator.RunAsync([.. Enumerable.Range(0, callers)], count, Busy, async _ =>
        {
            if (Interlocked.Decrement(ref left) < 0)
                return false;
            using var response = await SendAsync(SampleEvents.Body("ProvisioningStarted", Guid.NewGuid().ToString(), 600), key);
            return response.StatusCode == expected
                ? true
                : throw new InvalidOperationException($"The worker answered {response.StatusCode}, not {expected}.");
        });
    }

    /// <summary>Sends a request.</summary>
    public Task<HttpResponseMessage> SendAsync(byte[] body, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/webhooks/point", UriKind.Relative))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        if (key is not null)
            request.Headers.Add("Signature", WebhookSender.Sign(body, key));
        return host.SendAsync(Function, request);
    }

    public ValueTask DisposeAsync()
    {
        process.Dispose();
        return host.DisposeAsync();
    }

    private TimeSpan Busy()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }
}
