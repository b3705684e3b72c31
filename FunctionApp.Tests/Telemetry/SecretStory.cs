using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Settings;
using PointWebhooks.Signatures;
using PointWebhooks.Simulator;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.PointApi;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>Runs everything that the app does, success and failure, with secrets planted wherever one can be.</summary>
internal sealed class SecretStory(PlantedRequests requests, Outflow outflow, Canaries canaries)
{
    /// <summary>What stands for a secret in the path of a url that a handler calls.</summary>
    public const string PathSecret = "path of a handler's url";

    private const string Id = "11111111-2222-3333-4444-555555555555";

    // With the names by which somebody would open the loggers that write urls and headers.
    private static readonly string[] LogCategories =
    [
        "Default", "Microsoft", "System", "Azure", "Polly", "PointWebhooks",
        "System.Net.Http.HttpClient.SyskitPoint", "System.Net.Http.HttpClient.http-crm", "System.Net.Http.HttpClient.teams-it",
        "Microsoft.AspNetCore.Hosting.Diagnostics",
    ];

    /// <summary>A day on which all kinds of things happen.</summary>
    public async Task ReceiveProcessAndRegisterAsync()
    {
        var time = new MovableTime();
        await using var app = await StartAsync(time: time);
        var (secret, path) = (canaries.New("credential of a handler"), canaries.New(PathSecret));
        app.Records.BeforeEach = (context, cancellationToken) => HandleAsync(app, secret, path, context, cancellationToken);

        await PlantedRegistrations.RunAsync(app, canaries);
        foreach (var type in SampleEvents.Types.Append("SomethingNew"))
        {
            var body = requests.Body(type, type);
            await requests.SendAsync(app, body, HttpStatusCode.Accepted);
            await requests.SendAsync(app, body, HttpStatusCode.OK);
            await app.EventInAsync("Completed", type);
        }

        await requests.SendAsync(app, requests.Body("ProvisioningCompleted", "ProvisioningCompleted"), HttpStatusCode.OK);
        await requests.SendAsync(app, requests.Body("ProvisioningCompleted", "failing"), HttpStatusCode.Accepted);
        await requests.SendAsync(app, requests.Body("ProvisioningFailed", "dying"), HttpStatusCode.Accepted);
        var cutOff = $$"""{"type":"ProvisioningStarted","content":{"name":"{{canaries.New("body")}}""";
        await requests.SendAsync(app, cutOff, HttpStatusCode.Accepted);
        var odd = $$$"""{"type":"ProvisioningStarted","content":"{{{canaries.New("body")}}}","meta":{"idempotencyKey":"odd"}}""";
        await requests.SendAsync(app, odd, HttpStatusCode.Accepted);
        await app.EventInAsync("Completed", "failing");
        await app.EventInAsync("Dead", "dying");
        await app.EventInAsync("Dead", "odd");
        await requests.RefuseInEveryWayAsync(app);
        app.Point.SignatureKey = canaries.NewKey("the key after");
        await requests.SendAsync(app, requests.Body("ProvisioningStarted", "after the change"), HttpStatusCode.Accepted);

        await app.EnqueueRawAsync(QueueNames.UnknownEvent, canaries.New("message of somebody else"));
        await EmptyQueuesAsync(app);
        await requests.OperateAsync(app);
        await app.InsertAsync("ProvisioningStarted", "lost");
        time.Advance(TimeSpan.FromHours(2));
        await app.RunTimerAsync("RelayEvents");
        await app.EventInAsync("Completed", "lost");
        time.Advance(TimeSpan.FromDays(100));
        await app.RunTimerAsync("PurgeLedger");
    }

    /// <summary>A start while Syskit Point is down, and then answers what nobody understands.</summary>
    public async Task WaitForTheKeyAsync()
    {
        var time = new MovableTime();
        await using var app = await StartAsync(time: time, isDown: true);
        await requests.SendAsync(app, requests.Body("ProvisioningStarted", "early"), HttpStatusCode.Accepted);
        var forged = requests.Body("ProvisioningStarted", "forged early");
        await requests.SendAsync(app, forged, HttpStatusCode.Accepted, canaries.New("wrong key"));
        await requests.OperateAsync(app);
        app.Point.IsDown = false;
        foreach (var answer in PlantedAnswers.Options(canaries))
        {
            app.Point.Answer = _ => Results.Text(answer, "application/json");
            time.Advance(KeyFetcher.Throttle);
            await app.RunTimerAsync("RelayEvents");
        }

        app.Point.Answer = _ => null;
        time.Advance(KeyFetcher.Throttle);
        await app.RunTimerAsync("RelayEvents");
        await app.EventInAsync("Completed", "early");
    }

    /// <summary>All handlers, with systems that refuse, answer what nobody understands, or not at all, and then do what is asked.</summary>
    public async Task CallEverySystemAsync()
    {
        var time = new MovableTime();
        await using var handlers = new PlantedHandlers(canaries);
        var settings = await handlers.StartAsync();
        for (var i = 0; i < 5; i++)
            settings[$"Retry:Schedule:{i}"] = "00:10:00";
        await using var app = await StartAsync(settings, time: time);
        await app.SendAsync("ProvisioningFailed", "good");
        await app.EventInAsync("Completed", "good");
        var keys = new List<string>();
        foreach (var fault in handlers.Faults())
        {
            handlers.Fault = fault;
            keys.Add($"fault {keys.Count}");
            await app.SendAsync("ProvisioningFailed", keys[^1]);
            await Eventually.BecomesAsync(
                () => app.EventAsync(keys[^1]), IsTried, $"event {keys[^1]} has been tried");
            await requests.ShowAsync(app, EventId.Of("ProvisioningFailed", keys[^1]).Value);
            // Circuits close, and access tokens end.
            time.Advance(TimeSpan.FromHours(2));
        }

        handlers.Fault = (_, _) => null;
        time.Advance(TimeSpan.FromHours(2));
        await app.RunTimerAsync("RelayEvents");
        await requests.OperateAsync(app);
        foreach (var key in keys)
        {
            await Eventually.BecomesAsync(() => app.EventAsync(key), IsFinished, $"event {key} is finished");
            await requests.ShowAsync(app, EventId.Of("ProvisioningFailed", key).Value);
        }

        await foreach (var row in new TableClient(app.Storage, PointTable.Name).QueryAsync<TableEntity>())
            outflow.Answers.Enqueue($"Row {string.Join(' ', row)}");

        static bool IsTried(JsonElement found) =>
            found.ValueKind == JsonValueKind.Object && found.GetProperty("state").GetString() is "Retrying" or "Dead";
        static bool IsFinished(JsonElement found) => found.GetProperty("state").GetString() is "Completed" or "Dead";
    }

    /// <summary>Whatever the app parses is malformed, with a secret where the parser stumbles.</summary>
    public async Task ReadWhatIsMalformedAsync()
    {
        await using var app = await StartAsync();
        await app.SendAsync("ProvisioningStarted", "edited");
        await app.EventInAsync("Completed", "edited");
        foreach (var body in PlantedAnswers.Bodies(canaries))
            await requests.SendAsync(app, body, HttpStatusCode.Accepted);
        foreach (var message in PlantedAnswers.Messages(canaries))
            await app.EnqueueRawAsync(QueueNames.UnknownEvent, message);
        foreach (var history in canaries.NewLiterals("stored history"))
        {
            var id = EventId.Of("ProvisioningStarted", "edited");
            var row = new TableEntity(id.Partition, id.Value) { [nameof(LedgerEvent.History)] = $$"""[{"at":{{history}}}]""" };
            await app.Services.GetRequiredService<PointTable>().MergeAsync(row, ETag.All, TimeSpan.FromSeconds(30));
            await requests.ShowAsync(app, id.Value);
        }

        foreach (var listing in PlantedAnswers.Endpoints(canaries))
        {
            app.Point.Answer = request => request.Method == "GET" ? Results.Text(listing, "application/json") : null;
            await app.RunTimerAsync("RegisterEndpoint");
        }

        await EmptyQueuesAsync(app);
    }

    /// <summary>The identity endpoint answers what is no token.</summary>
    public async Task AskForTokensInVainAsync(Canaries tokens)
    {
        var answer = PlantedAnswers.Token(tokens);
        await using var identity = await IdentityEndpoint.AnsweringAsync(_ => Results.Text(answer, "application/json"));
        var noCredential = new[] { "DevelopmentToken", "ClientSecret", "ClientId", "TenantId" }
            .ToDictionary(name => $"Point:{name}", _ => (string?)null);
        await using var app = await StartAsync(noCredential);
        await app.RunTimerAsync("RegisterEndpoint");

        Assert.That(
            outflow.Lines,
            Has.Some.Contains("Microsoft Entra ID gave no token to the system-assigned managed identity"),
            "the answer was asked for");
    }

    /// <summary>Handlers of the settings, and others that repeat in every answer what they were sent.</summary>
    public async Task TellOthersAsync()
    {
        await using var others = await Receiver.StartAsync();
        others.RepeatWhatIsSent(500, 503, 401, 404, 400, 301);
        var path = canaries.New(PathSecret);
        await using var app = await StartAsync(new()
        {
            ["Handlers:Http:crm:Url"] = $"{others.Url}/{path}?token={canaries.New("query of a handler's url")}",
            ["Handlers:Http:crm:Secret"] = $"whsec_{Convert.ToBase64String(Encoding.UTF8.GetBytes(canaries.New("signing secret")))}",
            ["Handlers:Http:crm:Authorization"] = $"Bearer {canaries.New("credential of a handler")}",
            ["Handlers:Http:crm:Headers:X-Api-Key"] = canaries.New("API key of a handler"),
            ["Handlers:Teams:it:WebhookUrl"] = $"{others.Url}/{path}?sig={canaries.New("signature of a workflow")}",
            ["Handlers:Teams:gone:WebhookUrl"] = $"http://127.0.0.1:{StorageEmulator.FreePorts(1).Single()}/{path}?sig={canaries.New("signature of a workflow")}",
        });
        await requests.SendAsync(app, requests.Body("ProvisioningCompleted", "told"), HttpStatusCode.Accepted);
        await app.EventInAsync("Dead", "told");
        await requests.OperateAsync(app);
    }

    /// <summary>Everything again, on a storage that does not answer.</summary>
    public async Task GoWithoutStorageAsync()
    {
        var key = Convert.ToBase64String(Encoding.UTF8.GetBytes(canaries.New("storage key")));
        var nobody = StorageEmulator.ConnectionString("nobody", key, StorageEmulator.FreePorts(3));
        // What takes the app ten seconds or thirty of its time takes a moment.
        var time = new ScaledClock(DateTimeOffset.UtcNow, 30, TimeSpan.Zero);
        await using var app = await StartAsync(storage: nobody, time: time, isProcessing: false);
        await requests.SendAsync(app, requests.Body("ProvisioningStarted", "homeless"), HttpStatusCode.ServiceUnavailable);
        await requests.OperateAsync(app);
        foreach (var timer in (string[])["RegisterEndpoint", "RelayEvents", "PurgeLedger"])
            await app.RunTimerAsync(timer);
    }

    /// <summary>The signature key as a setting.</summary>
    public async Task TakeTheKeyFromTheSettingsAsync()
    {
        var key = canaries.New("signature key of the settings");
        await using var app = await StartAsync(new() { ["Point:SignatureKey"] = key });
        await requests.SendAsync(app, requests.Body("ProvisioningCompleted", "one"), HttpStatusCode.Accepted, key);
        await requests.SendAsync(app, requests.Body("ProvisioningCompleted", "another"), HttpStatusCode.Unauthorized);
        await requests.OperateAsync(app);
    }

    private async Task<TestApp> StartAsync(
        Dictionary<string, string?>? settings = null,
        string? storage = null,
        TimeProvider? time = null,
        bool isProcessing = true,
        bool isDown = false)
    {
        var token = canaries.New("bearer token");
        var user = $"{canaries.New("user")}:{canaries.New("password")}";
        var all = new Dictionary<string, string?>
        {
            ["Point:DevelopmentToken"] = token,
            ["Point:ClientSecret"] = canaries.New("client secret"),
            ["Point:ClientId"] = Id,
            ["Point:TenantId"] = Id,
            ["Point:ApiClientId"] = Id,
            ["Point:EndpointUrl"] = $"http://{user}@127.0.0.1:7071/api/webhooks/point?code={canaries.New("query of the endpoint")}",
            ["Retry:Schedule:0"] = "00:00:01",
            ["Retry:Schedule:1"] = "00:00:01",
        };
        foreach (var setting in settings ?? [])
            all[setting.Key] = setting.Value;
        foreach (var category in LogCategories)
            all[$"Logging:LogLevel:{category}"] = "Trace";
        var app = await TestApp.StartAsync(storage, all, time, isProcessing, isDown, isTiming: false, configure: outflow.Listen);
        app.Point.Token = token;
        app.Point.SignatureKey = canaries.NewKey("signature key");
        canaries.Plant($"storage key {canaries.Count}", app.Storage.Split("AccountKey=")[1].Split(';')[0]);
        return app;
    }

    // What nobody can read is moved to the poison queue after five tries, and from there when the relay runs.
    private static async Task EmptyQueuesAsync(TestApp app)
    {
        await Eventually.BecomesAsync(
            () => app.LengthAsync(QueueNames.UnknownEvent), length => length == 0, "all messages were tried");
        await app.RunTimerAsync("RelayEvents");
        await app.QueuesAreEmptyAsync();
    }

    // The exceptions of HttpClient, as a handler meets them that writes to a service with its secrets in the url and a header.
    private static async Task HandleAsync(
        TestApp app, string secret, string path, EventContext context, CancellationToken cancellationToken)
    {
        if (context.IdempotencyKey == "dying")
            throw new PermanentFailureException("There is no such project.");
        if (context.IdempotencyKey != "failing" || context.Attempt > 2)
            return;
        var server = context.Attempt == 1
            ? $"127.0.0.1:{StorageEmulator.FreePorts(1).Single()}"
            : new Uri(app.Services.GetRequiredService<IOptions<PointOptions>>().Value.BaseUrl!).Authority;
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{secret}@{server}/{path}?token={secret}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", secret);
        using var answer = await client.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
