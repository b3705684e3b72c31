using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Simulator;

namespace PointWebhooks.Tests.Support;

/// <summary>The app over real HTTP on real storage, with a simulated Syskit Point of its own.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly WebApplication app;

    private TestApp(SimulatedPoint point, WebApplication server, WebApplication app, RecordingHandler.Records records, string storage)
    {
        (Point, this.server, this.app, Records, Storage) = (point, server, app, records, storage);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = Patience.OfClients };
        Sender = new WebhookSender(Http);
    }

    public SimulatedPoint Point { get; }

    public RecordingHandler.Records Records { get; }

    public HttpClient Http { get; }

    public WebhookSender Sender { get; }

    public string Storage { get; }

    public IServiceProvider Services => app.Services;

    public EventLedger Ledger => Services.GetRequiredService<EventLedger>();

    public Uri Receiver => new(Http.BaseAddress!, "/api/webhooks/point");

    /// <summary>Starts an app.</summary>
    /// <param name="storage">The storage of an app before, or null for an empty one.</param>
    /// <param name="settings">Settings that differ from the usual.</param>
    /// <param name="time">A clock, or null for the real one.</param>
    /// <param name="isProcessing">Whether the queues are read.</param>
    /// <param name="isDown">Whether Syskit Point does not answer.</param>
    /// <param name="isTiming">Whether the timers run.</param>
    /// <param name="configure">Adds services.</param>
    public static async Task<TestApp> StartAsync(
        string? storage = null,
        Dictionary<string, string?>? settings = null,
        TimeProvider? time = null,
        bool isProcessing = true,
        bool isDown = false,
        bool isTiming = true,
        Action<IServiceCollection>? configure = null)
    {
        var point = new SimulatedPoint { IsDown = isDown };
        var server = await PointServer.StartAsync(point, 0, CancellationToken.None);
        var records = new RecordingHandler.Records();
        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = storage ??= StorageEmulator.NewAccount(),
            ["Point:BaseUrl"] = server.Urls.Single(),
            ["Point:EndpointUrl"] = "http://127.0.0.1:7071/api/webhooks/point",
            ["Point:DevelopmentToken"] = point.Token,
            // The url is not known before the app listens.
            ["Point:SelfCheck"] = "false",
            ["AzureFunctionsJobHost:extensions:queues:maxPollingInterval"] = "00:00:00.5",
            ["AzureFunctionsJobHost:extensions:queues:visibilityTimeout"] = "00:00:00",
        };
        foreach (var function in FunctionDescriptor.All)
        {
            if ((function.Trigger is QueueTrigger && !isProcessing) || (function.Trigger is TimerTrigger && !isTiming))
                all[function.DisabledSetting] = "true";
        }

        foreach (var setting in settings ?? [])
            all[setting.Key] = setting.Value;

        // Not those of this machine: whoever develops here may have a real channel of Teams among them.
        var app = FunctionsHost.Build(RepositoryRoot.Find(), 0, configuration => configuration.AddInMemoryCollection(all), services =>
        {
            services.AddLogging(logging => logging.ClearProviders());
            services.AddSingleton(records);
            services.AddEventHandler<RecordingHandler>();
            configure?.Invoke(services);
            if (time is not null)
                services.AddSingleton(time);
            // Its pace is that of every limit.
            if (time is ScaledClock)
                return;
            Patience.WithStorage(services);
            Patience.WithAnswers(services);
        });
        await app.StartAsync();
        return new TestApp(point, server, app, records, storage);
    }

    /// <summary>Starts an app whose storage does not answer, and which gives it up twenty times as soon.</summary>
    public static Task<TestApp> StartWithoutStorageAsync(Dictionary<string, string?>? settings = null) => StartAsync(
        StorageEmulator.ConnectionString("nobody", "bm9ib2R5", StorageEmulator.FreePorts(3)),
        settings,
        new ScaledClock(DateTimeOffset.UtcNow, 20, TimeSpan.Zero),
        isProcessing: false,
        isTiming: false);

    /// <summary>Sends a documented event, signed.</summary>
    public async Task<HttpStatusCode> SendAsync(string type, string idempotencyKey)
    {
        using var response = await Sender.SendAsync(Receiver, SampleEvents.Body(type, idempotencyKey), Point.SignatureKey);
        return response.StatusCode;
    }

    /// <summary>Sends a body, signed.</summary>
    public Task<HttpResponseMessage> SendBodyAsync(string body, bool chunked = false) =>
        Sender.SendAsync(Receiver, Encoding.UTF8.GetBytes(body), Point.SignatureKey, chunked);

    /// <summary>What the app says of an event.</summary>
    public async Task<JsonElement> EventAsync(string idempotencyKey)
    {
        var listed = await JsonAsync($"/api/events?key={Uri.EscapeDataString(idempotencyKey)}");
        var found = listed.GetProperty("events").EnumerateArray().FirstOrDefault();
        return found.ValueKind == JsonValueKind.Undefined
            ? default
            : await JsonAsync($"/api/events/{found.GetProperty("id").GetString()}");
    }

    /// <summary>What the app answers. Asked again while it says that storage does not answer in time, as on a busy machine.</summary>
    public async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = await Eventually.AnsweredAsync(() => Http.GetAsync(path), path);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits until an event is in a state.</summary>
    public Task<JsonElement> EventInAsync(string state, string idempotencyKey) => Eventually.BecomesAsync(
        () => EventAsync(idempotencyKey),
        found => found.ValueKind == JsonValueKind.Object && found.GetProperty("state").GetString() == state,
        $"event {idempotencyKey} is {state}");

    /// <summary>Keeps a documented event without queueing it, as a crash right after the insert would leave it.</summary>
    public Task InsertAsync(string type, string idempotencyKey)
    {
        var now = Services.GetRequiredService<TimeProvider>().GetUtcNow();
        return Ledger.InsertAsync(EventLedger.New(type, idempotencyKey, now, now), SampleEvents.Body(type, idempotencyKey));
    }

    /// <summary>Claims an event, as a processor does.</summary>
    public Task<(ClaimOutcome Outcome, EventLease? Lease)> ClaimAsync(string idempotencyKey, string type = "ProvisioningStarted") =>
        Ledger.ClaimAsync(EventId.Of(type, idempotencyKey), null, withBody: false, CancellationToken.None);

    /// <summary>Processes an event at once, without its queue.</summary>
    public async Task ProcessAsync(string type, string idempotencyKey)
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<EventProcessor>()
            .ProcessAsync(new EventMessage(type, idempotencyKey, null).ToBinaryData(), CancellationToken.None);
    }

    /// <summary>Sends a reference to an event to its queue, as the relay does.</summary>
    public Task EnqueueAsync(string type, string idempotencyKey) =>
        Services.GetRequiredService<EventQueues>().SendAsync(new EventMessage(type, idempotencyKey, null));

    /// <summary>Puts a message as it is into a queue.</summary>
    public async Task EnqueueRawAsync(string queueName, string message)
    {
        var queue = Queue(queueName);
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(message);
    }

    /// <summary>Waits until nothing is in any queue, visible or not.</summary>
    public Task QueuesAreEmptyAsync() => Eventually.BecomesAsync(
        async () => (await Task.WhenAll(QueueNames.All.SelectMany(name => new[] { name, name + QueueNames.PoisonSuffix }).Select(LengthAsync))).Sum(),
        length => length == 0,
        "the queues are empty");

    /// <summary>How many messages a queue holds, visible or not.</summary>
    public async Task<int> LengthAsync(string queueName)
    {
        var queue = Queue(queueName);
        return await queue.ExistsAsync() ? (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount : 0;
    }

    /// <summary>Runs a timer function now.</summary>
    public Task RunTimerAsync(string name) => app.RunTimerAsync(name);

    private QueueClient Queue(string name) => new(Storage, name, new QueueClientOptions { MessageEncoding = EventQueues.MessageEncoding });

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await server.StopAsync();
        await server.DisposeAsync();
    }
}
