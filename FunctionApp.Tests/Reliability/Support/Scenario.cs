using System.Diagnostics;
using System.Net;
using Azure.Storage.Queues;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>
/// An app in its own process, the storage and the downstream it works with, and a sender: all that a test of reliability disturbs.
/// </summary>
internal sealed class Scenario : IAsyncDisposable
{
    /// <summary>
    /// A clock with which a lease ends after five seconds, and the relay runs every five. On one that is faster, a busy machine does
    /// not get through an event within a lease.
    /// </summary>
    public const int FastClock = 12;

    /// <summary>How long is waited for what takes seconds: a busy machine takes its time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    /// <summary>The key that events are signed with.</summary>
    public const string SignatureKey = "3f0b8d0e-2b64-4a3c-9f0a-7f6f1d2c5b11";

    /// <summary>The token that the app shows the vendor.</summary>
    public const string VendorToken = "reliability";

    private readonly StorageProxy proxy;
    private readonly HttpClient http = new();
    private readonly DateTimeOffset clockOrigin = DateTimeOffset.UtcNow;
    private readonly int clockFactor;
    private readonly Uri? vendor;
    private readonly int pauses;
    private long firstAcknowledged;
    private int unacknowledged;

    private Scenario(
        string storage,
        StepPoints points,
        StorageProxy proxy,
        Downstream downstream,
        HandlerSystems? systems,
        int clockFactor,
        Uri? vendor,
        int pauses)
    {
        (Storage, Points, this.proxy, Downstream, Systems) = (storage, points, proxy, downstream, systems);
        (this.clockFactor, this.vendor, this.pauses) = (clockFactor, vendor, pauses);
        App = NewApp();
        Events = new StoredEvents(storage);
    }

    /// <summary>The connection to the storage, past the proxy.</summary>
    public string Storage { get; }

    /// <summary>The points before and after each step.</summary>
    public StepPoints Points { get; }

    /// <summary>What the handlers work on.</summary>
    public Downstream Downstream { get; }

    /// <summary>What the configured handlers work on, where there are such.</summary>
    public HandlerSystems? Systems { get; }

    /// <summary>The app.</summary>
    public AppProcess App { get; }

    /// <summary>What the ledger holds.</summary>
    public StoredEvents Events { get; }

    /// <summary>How long ago the first send was answered with anything else than a 5xx; zero when none was.</summary>
    public TimeSpan SinceAcknowledged =>
        Interlocked.Read(ref firstAcknowledged) is var at and not 0 ? Stopwatch.GetElapsedTime(at) : TimeSpan.Zero;

    /// <summary>How many sends were answered with a 5xx or not at all.</summary>
    public int Unacknowledged => unacknowledged;

    /// <summary>Starts a downstream and a proxy; the app is not started yet.</summary>
    /// <param name="storage">The connection to the storage, or null for an account of the shared emulator.</param>
    /// <param name="clockFactor">How many times as fast as the real one the app's clock goes.</param>
    /// <param name="vendor">The Syskit Point that knows the signature key, or null for an app that has it in a setting.</param>
    /// <param name="sites">The sites of the events, for an app with configured handlers, too; 0 for one without.</param>
    /// <param name="pauses">
    /// How many pauses there are between attempts; null for 8, or 16 with handlers that wait for a search besides. Each kill, and each lease of a
    /// fast clock that a busy machine does not renew in time, is an attempt.
    /// </param>
    public static async Task<Scenario> PrepareAsync(
        string? storage = null, int clockFactor = 1, Uri? vendor = null, int sites = 0, int? pauses = null)
    {
        var points = new StepPoints();
        // A crash point at the first insert shall not be one at the making of the table.
        storage = await StorageEmulator.DeployAsync(storage ?? StorageEmulator.NewAccount());
        var (proxy, downstream) = (await StorageProxy.StartAsync(storage, points), await Downstream.StartAsync(points));
        var systems = sites > 0 ? await HandlerSystems.StartAsync(points, sites) : null;
        return new Scenario(storage, points, proxy, downstream, systems, clockFactor, vendor, pauses ?? (systems is null ? 8 : 16));
    }

    /// <summary>Starts a downstream, a proxy and the app.</summary>
    /// <param name="clockFactor">How many times as fast as the real one the app's clock goes.</param>
    /// <param name="sites">The sites of the events, for an app with configured handlers, too; 0 for one without.</param>
    public static async Task<Scenario> StartAsync(int clockFactor = 1, int sites = 0)
    {
        var scenario = await PrepareAsync(clockFactor: clockFactor, sites: sites);
        await scenario.App.StartAsync();
        return scenario;
    }

    /// <summary>
    /// Starts the app again when it is dead, minutes later by its clock: every lease has ended. It is then some seconds to a full
    /// minute, when the relay runs.
    /// </summary>
    /// <param name="minutes">How many minutes; each time more than the time before.</param>
    public Task StartLaterAsync(int minutes = 5)
    {
        var later = DateTimeOffset.UtcNow.AddMinutes(minutes);
        return App.StartAsync(later.AddSeconds(54 - later.Second) - DateTimeOffset.UtcNow);
    }

    /// <summary>
    /// One more instance of the app, on the same storage. Its pauses between attempts are short: a message stays invisible by the
    /// storage's clock, which is the real one.
    /// </summary>
    public AppProcess NewApp()
    {
        var settings = Enumerable.Range(0, pauses).ToDictionary(i => $"Retry__Schedule__{i}", _ => "00:00:02");
        foreach (var (name, value) in Systems?.Settings(clockFactor) ?? new Dictionary<string, string>())
            settings[name] = value;
        settings["AzureWebJobsStorage"] = proxy.ConnectionString;
        settings["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.2";
        settings["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:01";
        settings["Point__EndpointUrl"] = "http://127.0.0.1:7071/api/webhooks/point";
        settings["Point__DevelopmentToken"] = VendorToken;
        settings["Point__SelfCheck"] = "false";
        // With the key in a setting, only the registration would ask, and nobody listens there.
        settings["Point__BaseUrl"] = vendor?.ToString() ?? "http://127.0.0.1:9";
        if (vendor is null)
            settings["Point__SignatureKey"] = SignatureKey;
        var arguments = new ChildArguments(StorageEmulator.FreePorts(1)[0], clockOrigin, clockFactor, TimeSpan.Zero, Downstream.Url);
        return new AppProcess(arguments, settings);
    }

    /// <summary>Kills the app when a point is reached for the first time.</summary>
    /// <param name="point">The point.</param>
    /// <param name="before">What happens at points before that, or null for nothing.</param>
    /// <returns>Ends when it is dead.</returns>
    public Task KillAt(string point, Func<string, Verdict>? before = null)
    {
        var (dead, kills) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        Points.At = reached =>
        {
            // The queues are looked into all the time: the look that counts is the one that finds the message.
            if (reached != point || dead.Task.IsCompleted || (point == "receive.before" && Points.Count("send.after") == 0))
                return Task.FromResult(before?.Invoke(reached) ?? Verdict.Pass);
            // Of several requests that are there at once, the first: another kill might meet the process that is started next.
            if (Interlocked.Increment(ref kills) == 1)
            {
                App.Kill();
                dead.TrySetResult();
            }

            return Task.FromResult(Verdict.Drop);
        };
        return dead.Task;
    }

    /// <summary>Sends an event once, and returns the answer, or null when the connection broke.</summary>
    public async Task<HttpStatusCode?> SendAsync(AppProcess to, string idempotencyKey)
    {
        HttpStatusCode? status = null;
        try
        {
            var body = Systems is null
                ? SampleEvents.Body(SampleEvents.Types[idempotencyKey[0] % SampleEvents.Types.Count], idempotencyKey)
                : HandlerSystems.Body(idempotencyKey);
            using var response = await new WebhookSender(http).SendAsync(new Uri(to.Url, "/api/webhooks/point"), body, SignatureKey);
            status = response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // The connection broke: no answer.
        }

        if (status is < HttpStatusCode.InternalServerError)
            Interlocked.CompareExchange(ref firstAcknowledged, Stopwatch.GetTimestamp(), 0);
        else
            Interlocked.Increment(ref unacknowledged);
        return status;
    }

    /// <summary>
    /// Sends an event until it is acknowledged; a broken connection and a 5xx make the sender try again, as one would that cares.
    /// </summary>
    public Task<HttpStatusCode?> SendUntilAcknowledgedAsync(string idempotencyKey, AppProcess? to = null) => Eventually.BecomesAsync(
        () => SendAsync(to ?? App, idempotencyKey),
        status => status is < HttpStatusCode.InternalServerError,
        $"the event {idempotencyKey} is acknowledged");

    /// <summary>
    /// Waits until nothing is open, and checks that exactly the events of some keys are completed, with all effects and no other.
    /// </summary>
    public async Task AllCompletedAsync(IReadOnlyCollection<string> keys)
    {
        await Events.NoneOpenAsync();
        var completed = await Events.InAsync(EventState.Completed);
        Assert.Multiple(() =>
        {
            Assert.That(
                completed.Select(one => one.IdempotencyKey), Is.EquivalentTo(keys), "what was accepted is completed, and nothing else");
            Assert.That(
                Downstream.Effects, Is.EquivalentTo(keys.SelectMany(key => new[] { (Downstream.First, key), (Downstream.Second, key) })));
        });
    }

    /// <summary>Waits until no queue holds a message, seen or unseen.</summary>
    public Task NoMessageLeftAsync() => Eventually.BecomesAsync(
        async () => (await Task.WhenAll(QueueNames.All.Select(MessagesAsync))).Sum(), left => left == 0, "every message is dealt with");

    public async ValueTask DisposeAsync()
    {
        App.Kill();
        await App.DisposeAsync();
        await proxy.DisposeAsync();
        await Downstream.DisposeAsync();
        if (Systems is not null)
            await Systems.DisposeAsync();
        http.Dispose();
    }

    private async Task<int> MessagesAsync(string queue) =>
        (await new QueueClient(Storage, queue).GetPropertiesAsync()).Value.ApproximateMessagesCount;
}
