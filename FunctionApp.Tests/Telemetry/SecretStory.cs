using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Functions;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Registration;
using PointWebhooks.Settings;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>Runs everything that the app does, success and failure, with secrets planted wherever one can be.</summary>
internal sealed class SecretStory(HttpClient http, Outflow outflow, Canaries canaries)
{
    /// <summary>What stands for a secret in the path of a url that a handler calls.</summary>
    public const string PathSecret = "path of a handler's url";

    private const string Id = "11111111-2222-3333-4444-555555555555";

    /// <summary>A day on which all kinds of things happen.</summary>
    public async Task ReceiveProcessAndRegisterAsync()
    {
        var time = new MovableTime();
        await using var app = await StartAsync(time: time);
        var (secret, path) = (canaries.New("credential of a handler"), canaries.New(PathSecret));
        app.Records.BeforeEach = (context, cancellationToken) => HandleAsync(app, secret, path, context, cancellationToken);

        await RegisterInEveryWayAsync(app);
        foreach (var type in SampleEvents.Types.Append("SomethingNew"))
        {
            var body = Body(type, type);
            await SendAsync(app, body, HttpStatusCode.Accepted);
            await SendAsync(app, body, HttpStatusCode.OK);
            await app.EventInAsync("Completed", type);
        }

        await SendAsync(app, Body("ProvisioningCompleted", "ProvisioningCompleted"), HttpStatusCode.OK);
        await SendAsync(app, Body("ProvisioningCompleted", "failing"), HttpStatusCode.Accepted);
        await SendAsync(app, Body("ProvisioningFailed", "dying"), HttpStatusCode.Accepted);
        await SendAsync(app, $$"""{"type":"ProvisioningStarted","content":{"name":"{{canaries.New("body")}}""", HttpStatusCode.Accepted);
        await SendAsync(app, $$$"""{"type":"ProvisioningStarted","content":"{{{canaries.New("body")}}}","meta":{"idempotencyKey":"odd"}}""", HttpStatusCode.Accepted);
        await app.EventInAsync("Completed", "failing");
        await app.EventInAsync("Dead", "dying");
        await app.EventInAsync("Dead", "odd");
        await RefuseInEveryWayAsync(app);
        canaries.Plant("the key after", app.Point.RotateKey());
        await SendAsync(app, Body("ProvisioningStarted", "after the change"), HttpStatusCode.Accepted);

        await app.EnqueueRawAsync(QueueNames.UnknownEvent, canaries.New("message of somebody else"));
        await app.QueuesAreEmptyAsync();
        await OperateAsync(app);
        await app.InsertAsync("ProvisioningStarted", "lost");
        time.Advance(TimeSpan.FromHours(2));
        await app.RunTimerAsync(nameof(RelayEvents));
        await app.EventInAsync("Completed", "lost");
        time.Advance(TimeSpan.FromDays(100));
        await app.RunTimerAsync(nameof(PurgeLedger));
    }

    /// <summary>A start while Syskit Point is down, and then answers what nobody understands.</summary>
    public async Task WaitForTheKeyAsync()
    {
        var time = new MovableTime();
        await using var app = await StartAsync(time: time, isDown: true);
        await SendAsync(app, Body("ProvisioningStarted", "early"), HttpStatusCode.Accepted);
        await SendAsync(app, Body("ProvisioningStarted", "forged early"), HttpStatusCode.Accepted, canaries.New("wrong key"));
        await OperateAsync(app);
        app.Point.IsDown = false;
        foreach (var odd in (string[])["[\"{0}\"]", "{0}", "\"{0}"])
        {
            app.Point.Answer = _ => Results.Text(
                $$"""{"webhooksSignatureAuthenticationKey":{{string.Format(CultureInfo.InvariantCulture, odd, app.Point.SignatureKey)}}}""", "application/json");
            time.Advance(SignatureKeys.Throttle);
            await app.RunTimerAsync(nameof(AdmitQuarantined));
        }

        app.Point.Answer = _ => null;
        time.Advance(SignatureKeys.Throttle);
        await app.RunTimerAsync(nameof(AdmitQuarantined));
        await app.EventInAsync("Completed", "early");
    }

    /// <summary>Everything again, on a storage that does not answer.</summary>
    public async Task GoWithoutStorageAsync()
    {
        var key = Convert.ToBase64String(Encoding.UTF8.GetBytes(canaries.New("storage key")));
        var nobody = StorageEmulator.ConnectionString("nobody", canaries.Plant("storage key as it is set", key), StorageEmulator.FreePorts(3));
        await using var app = await StartAsync(storage: nobody, isProcessing: false);
        await SendAsync(app, Body("ProvisioningStarted", "homeless"), HttpStatusCode.ServiceUnavailable);
        await OperateAsync(app);
        foreach (var timer in (string[])[nameof(RegisterEndpoint), nameof(RelayEvents), nameof(AdmitQuarantined), nameof(PurgeLedger)])
            await app.RunTimerAsync(timer);
    }

    /// <summary>The signature key as a setting.</summary>
    public async Task TakeTheKeyFromTheSettingsAsync()
    {
        var key = canaries.New("signature key of the settings");
        await using var app = await StartAsync(new() { ["Point:SignatureKey"] = key });
        await SendAsync(app, Body("ProvisioningCompleted", "one"), HttpStatusCode.Accepted, key);
        await SendAsync(app, Body("ProvisioningCompleted", "another"), HttpStatusCode.Unauthorized);
        await OperateAsync(app);
    }

    /// <summary>Starts that come to nothing.</summary>
    public async Task StartWithWrongSettingsAsync()
    {
        string Secret(string what) => canaries.New(what + " of a wrong setting");
        await FailToStartAsync("AzureWebJobsStorage", $"AccountName=contoso;AccountKey={Secret("storage key")}");
        await FailToStartAsync("Point:BaseUrl", $"https://point.example/?code={Secret("query")}");
        await FailToStartAsync("Point:BaseUrl", "https://point.example");
        await FailToStartAsync("Point:EndpointUrl", $"ftp://contoso.example/?code={Secret("query")}");
        await FailToStartAsync("Point:SignatureKey", $"@Microsoft.KeyVault({Secret("reference")}");
        await FailToStartAsync("Point:ClientSecret", $"@Microsoft.KeyVault({Secret("reference")}", ("Point:DevelopmentToken", null));
        await FailToStartAsync("Point:ClientSecret", Secret("client secret"), ("Point:DevelopmentToken", null), ("Point:ClientId", null));
    }

    private async Task<TestApp> StartAsync(
        Dictionary<string, string?>? settings = null, string? storage = null, TimeProvider? time = null, bool isProcessing = true, bool isDown = false)
    {
        var token = canaries.New("bearer token");
        var all = new Dictionary<string, string?>(settings ?? [])
        {
            ["Point:DevelopmentToken"] = token,
            ["Point:ClientSecret"] = canaries.New("client secret"),
            ["Point:ClientId"] = Id,
            ["Point:TenantId"] = Id,
            ["Point:ApiClientId"] = Id,
            ["Point:EndpointUrl"] = $"http://{canaries.New("user")}:{canaries.New("password")}@127.0.0.1:7071/api/webhooks/point?code={canaries.New("query of the endpoint")}",
            ["Retry:Schedule:0"] = "00:00:01",
            ["Retry:Schedule:1"] = "00:00:01",
        };
        foreach (var category in (string[])["Default", "Microsoft", "System", "Azure", "Polly", "PointWebhooks", "System.Net.Http.HttpClient.SyskitPoint", "Microsoft.AspNetCore.Hosting.Diagnostics"])
            all[$"Logging:LogLevel:{category}"] = "Trace";
        var app = await TestApp.StartAsync(storage, all, time, isProcessing, isDown, isTiming: false, configure: outflow.Listen);
        app.Point.Token = token;
        canaries.Plant($"signature key {canaries.Count}", app.Point.SignatureKey);
        canaries.Plant("storage key", app.Storage.Split(';').Single(part => part.StartsWith("AccountKey=", StringComparison.Ordinal))["AccountKey=".Length..]);
        return app;
    }

    private async Task RegisterInEveryWayAsync(TestApp app)
    {
        var url = app.Services.GetRequiredService<IOptions<PointOptions>>().Value.EndpointUrl!;
        var earlier = $"{url.Split('?')[0]}?code={canaries.New("earlier query")}";
        Task RegisterAsync() => app.RunTimerAsync(nameof(RegisterEndpoint));
        void Answer(string method, int status) => app.Point.Answer = request => request.Method == method
            ? Results.Json(new { message = "An error has occurred.", exceptionMessage = $"Endpoint {url} or {earlier} was not found.", exceptionType = "NotFoundException" }, statusCode: status)
            : null;

        await RegisterAsync();
        app.Point.Register(earlier, "*");
        foreach (var status in (int[])[404, 400])
        {
            Answer("DELETE", status);
            await RegisterAsync();
        }

        foreach (var status in (int[])[200, 400, 401, 403, 404, 409])
        {
            Answer("GET", status);
            await RegisterAsync();
        }

        app.Point.Answer = _ => Results.Content($"<html>{url}</html>", "text/html");
        await RegisterAsync();
        app.Point.Answer = request => request.Method == "GET" ? Results.Text($$"""[{"endpoint":"{{url}}","types":7}]""", "application/json") : null;
        await RegisterAsync();
        app.Point.Answer = request => request.Method == "GET" ? Results.Text($$"""[{"endpoint":"{{url}}","types":["ProvisioningFailed"]}]""", "application/json") : null;
        await RegisterAsync();
        Answer("POST", 500);
        app.Point.IsOldEdition = true;
        await RegisterAsync();
        (app.Point.IsOldEdition, app.Point.Answer) = (false, _ => null);
        await RegisterAsync();
    }

    private async Task RefuseInEveryWayAsync(TestApp app)
    {
        var body = Body("ProvisioningStarted", "refused");
        var signature = WebhookSender.Sign(Encoding.UTF8.GetBytes(body), app.Point.SignatureKey);
        await PostAsync(app, body, HttpStatusCode.Unauthorized);
        await PostAsync(app, body, HttpStatusCode.Unauthorized, ("Signature", canaries.New("malformed signature")));
        await PostAsync(app, body, HttpStatusCode.Unauthorized, ("Signature", canaries.Plant("a good signature", signature)), ("Signature", signature));
        await PostAsync(app, body, HttpStatusCode.Unauthorized, ("Signature", signature), ("Algorithm", canaries.New("algorithm")));
        await SendAsync(app, body, HttpStatusCode.Unauthorized, canaries.New("wrong key"));
        await SendAsync(app, Body("ProvisioningStarted", "stale", "2020-01-01T00:00:00"), HttpStatusCode.Unauthorized);
        await SendAsync(app, Body("ProvisioningStarted", "large").PadRight(300 * 1024), HttpStatusCode.RequestEntityTooLarge);
    }

    // As an operator does it, with a function key in the url; the page itself holds that key, as its buttons need it.
    private async Task OperateAsync(TestApp app)
    {
        var key = canaries.New("function key");
        foreach (var path in (string[])["status", "health", "events", "events?state=Dead", "events?state=zombie"])
            await AskAsync(HttpMethod.Get, path);
        foreach (var path in (string[])["events/dying/replay", "events/ProvisioningStarted/replay", "events/nobody/replay", "events/replay?state=dead", "events/replay"])
            await AskAsync(HttpMethod.Post, path);
        using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Http.BaseAddress!, "/api/status"));
        page.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var shown = await http.SendAsync(page);

        async Task AskAsync(HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, new Uri(app.Http.BaseAddress!, $"/api/{path}{(path.Contains('?') ? '&' : '?')}code={key}"));
            using var answer = await http.SendAsync(request);
        }
    }

    // The exceptions of HttpClient, as a handler meets them that writes to a service with its secrets in the url and a header.
    private static async Task HandleAsync(TestApp app, string secret, string path, EventContext context, CancellationToken cancellationToken)
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

    private string Body(string type, string idempotencyKey, string? timeStamp = null)
    {
        string Text(string name) => canaries.New($"{name} of {type}");
        return JsonSerializer.Serialize(new
        {
            type,
            content = new Dictionary<string, string>
            {
                ["name"] = Text("name"),
                ["type"] = "MicrosoftTeams",
                ["url"] = $"https://contoso.sharepoint.com/sites/{Text("url")}",
                ["microsoftId"] = Text("microsoftId"),
                ["requestedOn"] = Text("requestedOn"),
                ["requesterId"] = Text("requesterId"),
                ["error"] = Text("error"),
                ["correlationId "] = Text("correlationId"),
            },
            meta = new { timeStamp = timeStamp ?? DateTime.UtcNow.ToString("s", CultureInfo.InvariantCulture), idempotencyKey },
        });
    }

    private Task SendAsync(TestApp app, string body, HttpStatusCode expected, string? key = null)
    {
        var signature = WebhookSender.Sign(Encoding.UTF8.GetBytes(body), key ?? app.Point.SignatureKey);
        return PostAsync(app, body, expected, ("Signature", canaries.Plant($"signature {canaries.Count}", signature)), ("Algorithm", "HMACSHA256"));
    }

    private async Task PostAsync(TestApp app, string body, HttpStatusCode expected, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{app.Receiver}?code={canaries.New("query of a request")}") { Content = new StringContent(body) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(expected), await response.Content.ReadAsStringAsync());
    }

    private async Task FailToStartAsync(string setting, string value, params (string Name, string? Value)[] others)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = StorageEmulator.NewAccount(),
            ["Point:BaseUrl"] = "http://127.0.0.1:7072",
            ["Point:EndpointUrl"] = "http://127.0.0.1:7071/api/webhooks/point",
            ["Point:DevelopmentToken"] = canaries.New("bearer token"),
            ["Point:ApiClientId"] = Id,
        };
        foreach (var (name, other) in others.Append((setting, value)))
            settings[name] = other;
        var failure = Assert.CatchAsync(async () =>
        {
            await using var app = FunctionsHost.Build(RepositoryRoot.Find(), 0, settings, outflow.Listen);
            await app.StartAsync();
        });
        Assert.That(failure!.Message, Does.Contain(setting), "what is wrong is said");
        outflow.Answers.Enqueue($"{failure}");
    }
}
