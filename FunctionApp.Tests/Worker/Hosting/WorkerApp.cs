using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Reliability.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>The deployed program on real storage, with a simulated Syskit Point of its own.</summary>
internal sealed class WorkerApp : IAsyncDisposable
{
    private readonly WebApplication point;
    private readonly StorageProxy proxy;

    private WorkerApp(
        WorkerHost host, SimulatedPoint simulated, WebApplication point, StorageProxy proxy, StepPoints steps, string storage) =>
        (Host, Point, this.point, this.proxy, Steps, Storage) = (host, simulated, point, proxy, steps, storage);

    /// <summary>The host.</summary>
    public WorkerHost Host { get; }

    /// <summary>The Syskit Point.</summary>
    public SimulatedPoint Point { get; }

    /// <summary>Where the worker's requests to storage can be held up.</summary>
    public StepPoints Steps { get; }

    /// <summary>The storage account, past <see cref="Steps"/>.</summary>
    public string Storage { get; }

    /// <summary>Starts a host and its worker.</summary>
    /// <param name="settings">App settings that differ from the usual, named as environment variables.</param>
    /// <param name="folder">The folder of the app; that of the build if left out.</param>
    public static async Task<WorkerApp> StartAsync(Dictionary<string, string>? settings = null, string? folder = null)
    {
        var (simulated, steps, storage) = (new SimulatedPoint(), new StepPoints(), await StorageEmulator.DeployAsync(StorageEmulator.NewAccount()));
        var point = await PointServer.StartAsync(simulated, 0, CancellationToken.None);
        var proxy = await StorageProxy.StartAsync(storage, steps);
        var all = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = proxy.ConnectionString,
            ["Point__BaseUrl"] = point.Urls.Single(),
            ["Point__EndpointUrl"] = "http://127.0.0.1:7071/api/webhooks/point",
            ["Point__DevelopmentToken"] = simulated.Token,
            ["Point__SelfCheck"] = "false",
            ["Operations__SignIn"] = "true",
            ["WEBSITE_AUTH_ENABLED"] = "true",
        };
        foreach (var (name, value) in settings ?? [])
            all[name] = value;

        try
        {
            return new WorkerApp(await WorkerHost.StartAsync(all, folder), simulated, point, proxy, steps, storage);
        }
        catch
        {
            await proxy.DisposeAsync();
            await point.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a body, signed by Syskit Point unless another key is given.</summary>
    public Task<HttpResponseMessage> PostAsync(byte[] body, string? key = null, bool isChunked = false, string traceParent = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/webhooks/point", UriKind.Relative))
        {
            Content = new ByteArrayContent(body),
            Headers = { TransferEncodingChunked = isChunked ? true : null },
        };
        request.Headers.Add("Signature", WebhookSender.Sign(body, key ?? Point.SignatureKey));
        request.Headers.Add("Algorithm", "HMACSHA256");
        return Host.SendAsync("ReceiveWebhook", request, traceParent);
    }

    /// <summary>Sends a documented event, signed, which must be taken; again where the storage of a busy machine was not in time.</summary>
    public Task AcceptAsync(string type, string idempotencyKey) => Eventually.BecomesAsync(
        async () =>
        {
            using var response = await PostAsync(SampleEvents.Body(type, idempotencyKey));
            return response.StatusCode == HttpStatusCode.ServiceUnavailable ? response.StatusCode : response.EnsureSuccessStatusCode().StatusCode;
        },
        status => status != HttpStatusCode.ServiceUnavailable,
        $"{idempotencyKey} is taken");

    /// <summary>What the app says of an event. Asked again while it says that storage does not answer in time, as on a busy machine.</summary>
    public async Task<JsonElement> EventAsync(string idempotencyKey)
    {
        var path = new Uri($"api/events/{Uri.EscapeDataString(idempotencyKey)}", UriKind.Relative);
        using var response = await Eventually.AnsweredAsync(
            () => Host.SendAsync("GetEvent", new HttpRequestMessage(HttpMethod.Get, path)), $"{path}");
        return JsonElement.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    /// <summary>The state of an event.</summary>
    public async Task<string> StateAsync(string idempotencyKey) =>
        (await EventAsync(idempotencyKey)).GetProperty("state").GetString()!;

    /// <summary>Holds the worker's next request to storage at a point.</summary>
    public StorageHold HoldAt(string point) => new(Steps, point);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await proxy.DisposeAsync();
        await point.DisposeAsync();
    }
}
