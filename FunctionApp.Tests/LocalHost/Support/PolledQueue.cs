using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Microsoft.Extensions.Logging.Abstractions;
using PointWebhooks.LocalHost.Hosting;

namespace PointWebhooks.Tests.LocalHost.Support;

/// <summary>A queue on real storage, and a poller that runs a test's function for it.</summary>
internal sealed class PolledQueue : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly QueueServiceClient queues;
    private readonly RecordUpdates updates = new();
    private Task polling = Task.CompletedTask;

    private PolledQueue(string name)
    {
        var storage = StorageEmulator.NewAccount();
        queues = new QueueServiceClient(storage, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        Queue = queues.GetQueueClient(name);
        Encoded = new QueueClient(storage, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        options.AddPolicy(updates, HttpPipelinePosition.PerCall);
        Polled = new QueueServiceClient(storage, options);
    }

    public TestFunction Function { get; } = new();

    /// <summary>The queue, with texts as they are.</summary>
    public QueueClient Queue { get; }

    /// <summary>The queue, with messages in base64.</summary>
    public QueueClient Encoded { get; }

    public QueueClient Poison => queues.GetQueueClient(Queue.Name + "-poison");

    /// <summary>The seconds for which the poller has hidden a message, one for each update, in their order.</summary>
    public IReadOnlyCollection<string> Hidden => updates.Seconds;

    /// <summary>How many of the next updates storage refuses.</summary>
    public int RefusedUpdates { set => updates.Refused = value; }

    private QueueServiceClient Polled { get; }

    public static async Task<PolledQueue> CreateAsync(string name = "work")
    {
        var queue = new PolledQueue(name);
        await queue.Queue.CreateAsync();
        return queue;
    }

    /// <summary>Starts polling.</summary>
    /// <param name="settings">What host.json says of queues.</param>
    /// <param name="time">The clock of pauses and renewals; by default the real one.</param>
    public void Start(QueueSettings? settings = null, TimeProvider? time = null)
    {
        settings ??= new QueueSettings { MaxPollingInterval = TimeSpan.FromMilliseconds(100) };
        time ??= TimeProvider.System;
        var processor = new QueueMessageProcessor(
            TestFunction.With(new QueueTrigger(Queue.Name)), Polled, Queue.Name, settings, Function.Services, time, NullLogger.Instance);
        polling = Task.Run(() => new QueuePoller(processor, settings, time, NullLogger.Instance).RunAsync(stop.Token));
    }

    /// <summary>How many messages a queue holds, visible or not; none when it does not exist.</summary>
    public static async Task<int> LengthAsync(QueueClient queue) =>
        await queue.ExistsAsync() ? (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount : 0;

    /// <summary>Stops polling and waits for the messages in work.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await polling;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private sealed class RecordUpdates : HttpPipelineSynchronousPolicy
    {
        public ConcurrentQueue<string> Seconds { get; } = [];

        public int Refused { get; set; }

        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.Request.Method != RequestMethod.Put
                || Regex.Match(message.Request.Uri.Query, "visibilitytimeout=([0-9]+)") is not { Success: true } hidden)
            {
                return;
            }

            Seconds.Enqueue(hidden.Groups[1].Value);
            if (Refused-- > 0)
                throw new Azure.RequestFailedException(503, "Refused by the test.");
        }
    }
}
