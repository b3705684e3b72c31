using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Simulation.Scheduling;

namespace PointWebhooks.Tests.Support;

/// <summary>
/// One instance of the app, with its default settings, on a <see cref="SimulatedAccount"/>. Nothing triggers its functions but the
/// test.
/// </summary>
internal sealed class SimulatedApp : INetworkConditions, IDisposable
{
    public const string Type = "ProvisioningStarted";
    public const string Key = "0d3b4c8e-6f0e-4a44-9f7e-2f4d3f0f6c11";

    // Far more than anything under test takes.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly FakeLoggerProvider log = new();
    private readonly ServiceProvider services;
    private readonly QueueServiceClient queues;

    /// <param name="account">Its storage account.</param>
    /// <param name="vendor">Where it fetches the signature key from, or null when it has one in its settings.</param>
    /// <param name="skew">How far its clock is ahead.</param>
    /// <param name="settings">Settings that differ from the default.</param>
    /// <param name="configure">Adds services.</param>
    public SimulatedApp(
        SimulatedAccount account,
        SimulatedVendor? vendor = null,
        TimeSpan skew = default,
        IEnumerable<(string Setting, string? Value)>? settings = null,
        Action<IServiceCollection>? configure = null)
    {
        Account = account;
        Process = new SimulatedProcess(account.Timeline, "app");
        Time = new VirtualTime(account.Timeline, Process, skew);
        var configuration = ValidSettings.With(
        [
            ("AzureWebJobsStorage", SimulatedStorage.ConnectionString),
            ("Point:BaseUrl", "http://127.0.0.1:9"),
            ("Point:DevelopmentToken", "simulated"),
            ("Point:ApiClientId", null),
            ("Point:SignatureKey", vendor is null ? Key : null),
            .. settings ?? [],
        ]);
        var collection = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Information))
            .AddSingleton(configuration)
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(new Random(1))
            .AddSingleton(Records)
            .AddPointWebhooks(configuration);
        var transport = account.Storage.Transport(new SimulatedNetwork(account.Timeline, Process, this).SendAsync);
        collection.Replace(ServiceDescriptor.Singleton(new StorageConnection(configuration) { Transport = transport }));
        if (vendor is not null)
            collection.Replace(ServiceDescriptor.Singleton(vendor.Clients(Time)));
        configure?.Invoke(collection);
        services = collection.BuildServiceProvider();
        // As a host does at its start.
        _ = services.GetServices<IHostedService>();
        Measured = new RecordedMeasurements(services);
        queues = new StorageConnection(configuration) { Transport = account.Storage.Transport() }.Queues(EventQueues.MessageEncoding);
    }

    public SimulatedAccount Account { get; }

    public SimulatedProcess Process { get; }

    public TimeProvider Time { get; }

    public RecordedMeasurements Measured { get; }

    public RecordingHandler.Records Records { get; } = new();

    public EventLedger Ledger => Get<EventLedger>();

    /// <summary>The messages it has logged.</summary>
    public IEnumerable<string> LogLines => log.Collector.GetSnapshot().Select(record => record.Message);

    /// <summary>What goes wrong with its calls to storage.</summary>
    public Func<StorageCall, Fault> Faults { get; set; } = _ => Fault.None;

    /// <summary>How long its requests, and the answers to them, are on their way.</summary>
    public TimeSpan OnTheWay { get; set; }

    public TimeSpan Latency() => OnTheWay;

    public Fault FaultOf(StorageCall call) => Faults(call);

    /// <summary>What is cancelled at the first call of an operation, as by a host that stops.</summary>
    public CancellationTokenSource StopAt(StorageOperation operation)
    {
        var stopping = new CancellationTokenSource();
        Faults = call =>
        {
            if (call.Operation == operation)
                stopping.Cancel();
            return Fault.None;
        };
        return stopping;
    }

    /// <summary>How often it has logged a message, by the number of the message.</summary>
    public int Logged(int eventId) => log.Collector.GetSnapshot().Count(record => record.Id.Id == eventId);

    /// <summary>What it has logged under the number of a message: level and text.</summary>
    public IReadOnlyList<(LogLevel Level, string Text)> LogOf(int eventId) =>
        [.. log.Collector.GetSnapshot().Where(record => record.Id.Id == eventId).Select(record => (record.Level, record.Message))];

    /// <summary>The idempotency keys of the events that the entries under the number of a message are about, as their scopes say.</summary>
    public IReadOnlyList<object?> KeysOf(int eventId) =>
        [.. log.Collector.GetSnapshot().Where(record => record.Id.Id == eventId).Select(record => record.Scopes
            .OfType<IReadOnlyDictionary<string, object>>().LastOrDefault(scope => scope.ContainsKey("IdempotencyKey"))?["IdempotencyKey"])];

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Starts something; it goes on while the account's time does.</summary>
    public Task<T> Begin<T>(Func<Task<T>> body)
    {
        var result = new TaskCompletionSource<T>();
        Process.Start(async () =>
        {
            try
            {
                result.SetResult(await body());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task;
    }

    /// <summary>Runs something to its end.</summary>
    public T Run<T>(Func<Task<T>> body) => End(Begin(body));

    /// <summary>Cancels something in the process, as everything that happens in it.</summary>
    public void Cancel(CancellationTokenSource source) => Run(() =>
    {
        source.Cancel();
        return Task.CompletedTask;
    });

    /// <summary>Runs something to its end.</summary>
    public void Run(Func<Task> body) => Run(async () =>
    {
        await body();
        return true;
    });

    /// <summary>Runs what was begun to its end.</summary>
    public T End<T>(Task<T> begun)
    {
        Assert.That(Account.Timeline.RunUntil(() => begun.IsCompleted, Account.Now + Longest), Is.True, "it ends");
        return begun.GetAwaiter().GetResult();
    }

    /// <summary>Runs something and says how long it took.</summary>
    public (T Result, TimeSpan Taken) Timed<T>(Func<Task<T>> body)
    {
        var begun = Account.Now;
        return (Run(body), Account.Now - begun);
    }

    /// <summary>A documented event, as Syskit Point sends it.</summary>
    public static byte[] Body(string idempotencyKey, string type = Type, string name = "Project Phoenix") => Encoding.UTF8.GetBytes(
        $$$"""
        {"type":"{{{type}}}","content":{"name":"{{{name}}}","type":"MicrosoftTeams"},
         "meta":{"timeStamp":"2026-05-01T12:00:00","idempotencyKey":"{{{idempotencyKey}}}"}}
        """);

    /// <summary>Receives a request that is signed with a key.</summary>
    public Task<ReceiveResult> ReceiveAsync(byte[] body, string key = Key) => ReceiveAsync(
        body, headers => headers["Signature"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body)));

    /// <summary>Receives a request.</summary>
    /// <param name="sign">Adds its headers.</param>
    public Task<ReceiveResult> ReceiveAsync(byte[] body, Action<IHeaderDictionary> sign)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = HttpMethods.Post;
        sign(context.Request.Headers);
        context.Request.ContentLength = body.Length;
        context.Request.Body = new MemoryStream(body);
        return Get<WebhookReceiver>().ReceiveAsync(context.Request, CancellationToken.None);
    }

    /// <summary>Inserts an event without sending its message.</summary>
    public InsertOutcome Insert(string key, string type = Type, string? name = null) => Run(async () =>
    {
        var received = EventLedger.New(type, key, Time.GetUtcNow(), Time.GetUtcNow()) with { WorkspaceName = name };
        return (await Ledger.InsertAsync(received, Body(key, type))).Outcome;
    });

    /// <summary>Claims an event.</summary>
    public (ClaimOutcome Outcome, EventLease? Lease) Claim(string key) =>
        Run(() => Ledger.ClaimAsync(EventId.Of(Type, key), null, withBody: false, CancellationToken.None));

    /// <summary>Inserts an event and claims it.</summary>
    public EventLease Claimed(string key)
    {
        Insert(key);
        return Claim(key).Lease!;
    }

    /// <summary>Reads an event.</summary>
    public LedgerEvent? Find(string key, string type = Type) =>
        Run(() => Ledger.FindAsync(EventId.Of(type, key), withBody: true, CancellationToken.None)).Event;

    /// <summary>Processes the event of a message.</summary>
    public Task ProcessAsync(EventMessage message, CancellationToken stopping = default) => ProcessAsync(message.ToBinaryData(), stopping);

    /// <summary>Receives the next visible message of a queue, processes and deletes it, as the host does.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Deliver(string queueName = QueueNames.ProvisioningStarted) => Run(() => DeliverAsync(queueName));

    /// <summary>Receives the next visible message of a queue, processes and deletes it, as the host does.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeliverAsync(string queueName = QueueNames.ProvisioningStarted)
    {
        var queue = queues.GetQueueClient(queueName);
        if ((await queue.ReceiveMessageAsync(TimeSpan.FromMinutes(10))).Value is not { } message)
            return false;
        await ProcessAsync(message.Body, CancellationToken.None);
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
        return true;
    }

    /// <summary>Sends a text to a queue, past the app.</summary>
    public void Send(string queueName, BinaryData message) => Run(() => queues.GetQueueClient(queueName).SendMessageAsync(message));

    /// <summary>Empties a queue, past the app.</summary>
    public void Clear(string queueName) => Run(() => queues.GetQueueClient(queueName).ClearMessagesAsync());

    public void Dispose()
    {
        Measured.Dispose();
        services.Dispose();
    }

    private async Task ProcessAsync(BinaryData message, CancellationToken stopping)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<EventProcessor>().ProcessAsync(message, stopping);
    }
}
