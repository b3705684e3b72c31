using System.Net;
using PointWebhooks.Handlers;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>One run of the app in which everything happens that has a span, and all that was seen of it: run once, read by many tests.</summary>
internal sealed class Story
{
    public const string QueryCanary = "canary-in-the-query";
    public const string HandlerCanary = "canary in the handler's error";

    private static readonly Lazy<Task<Story>> TheOne = new(RunAsync);

    public Observed Observed { get; } = new();

    /// <summary>An event that went through at once.</summary>
    public string Plain { get; } = $"plain-{Guid.NewGuid()}";

    /// <summary>An event that was sent and queued twice.</summary>
    public string Doubled { get; } = $"doubled-{Guid.NewGuid()}";

    /// <summary>An event whose handler fails the first time.</summary>
    public string Failing { get; } = $"failing-{Guid.NewGuid()}";

    /// <summary>An event whose handler fails for good.</summary>
    public string Dying { get; } = $"dying-{Guid.NewGuid()}";

    /// <summary>What no telemetry may hold.</summary>
    public List<string> Secrets { get; } = [QueryCanary, "Project Phoenix", "alias is already in use", "a key that is wrong"];

    /// <summary>From before the first event was sent until the last was finished.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>What was sent by OTLP: the path, and all that was sent there.</summary>
    public Dictionary<string, string> Sent { get; } = [];

    public static Task<Story> ToldAsync() => TheOne.Value;

    private static async Task<Story> RunAsync()
    {
        var story = new Story();
        await using var sink = await TelemetrySink.StartAsync();
        var settings = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["Retry:Schedule:0"] = "00:00:01",
            // What hides Information in many apps: this app's own has to come through.
            ["Logging:LogLevel:Default"] = "Warning",
        };
        await using (var app = await TestApp.StartAsync(settings: settings, configure: story.Observed.Listen))
            await story.TellAsync(app);
        foreach (var path in sink.Paths)
            story.Sent[path] = sink.Received(path);
        return story;
    }

    private async Task TellAsync(TestApp app)
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        Secrets.Add(app.Point.SignatureKey);
        app.Records.BeforeEach = (context, _) =>
            context.IdempotencyKey == Failing && context.Attempt == 1 ? throw new InvalidOperationException(HandlerCanary)
            : context.IdempotencyKey == Dying ? throw new PermanentFailureException(HandlerCanary)
            : Task.CompletedTask;

        await SendAsync(app, "ProvisioningCompleted", Plain, HttpStatusCode.Accepted);
        await app.EventInAsync("Completed", Plain);

        await SendAsync(app, "ProvisioningStarted", Doubled, HttpStatusCode.Accepted);
        await app.EventInAsync("Completed", Doubled);
        await SendAsync(app, "ProvisioningStarted", Doubled, HttpStatusCode.OK);
        await app.EnqueueAsync("ProvisioningStarted", Doubled);
        await app.QueuesAreEmptyAsync();

        await SendAsync(app, "ProvisioningFailed", Failing, HttpStatusCode.Accepted);
        await app.EventInAsync("Completed", Failing);
        await SendAsync(app, "ProvisioningFailed", Dying, HttpStatusCode.Accepted);
        await app.EventInAsync("Dead", Dying);
        Took = started.Elapsed;

        using var forged = await app.Sender.SendAsync(
            new Uri($"{app.Receiver}?code={QueryCanary}"),
            SampleEvents.Body("ProvisioningCompleted", $"forged-{Guid.NewGuid()}"),
            "a key that is wrong");
        Assert.That(forged.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private async Task SendAsync(TestApp app, string type, string key, HttpStatusCode expected)
    {
        var body = SampleEvents.Body(type, key);
        Secrets.Add(WebhookSender.Sign(body, app.Point.SignatureKey));
        using var response = await app.Sender.SendAsync(app.Receiver, body, app.Point.SignatureKey);
        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }
}
