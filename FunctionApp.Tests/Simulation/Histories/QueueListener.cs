using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using PointWebhooks.LocalHost.Hosting;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>
/// What the host does with messages on one instance: at most 16 at once, hidden for 10 minutes while their function runs,
/// 30 s after a failure (host.json), moved to the poison queue after the fifth.
/// </summary>
internal sealed class QueueListener
{
    private const int BatchSize = 16;
    private const int MaxDequeueCount = 5;

    private static readonly TimeSpan InFlightVisibility = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan VisibilityAfterFailure = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(5);

    private readonly World world;
    private readonly SimulatedInstance instance;
    private readonly Action<string> pollAgain;
    private readonly QueueServiceClient queues;

    /// <param name="world">The history.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="pollAgain">Has a queue read again.</param>
    public QueueListener(World world, SimulatedInstance instance, Action<string> pollAgain)
    {
        (this.world, this.instance, this.pollAgain) = (world, instance, pollAgain);
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64, Transport = instance.Transport };
        options.Retry.MaxRetries = 0;
        queues = new QueueServiceClient(SimulatedStorage.ConnectionString, options);
    }

    /// <summary>How many messages are being worked on.</summary>
    public int Running { get; private set; }

    /// <summary>Takes messages and runs the function on each.</summary>
    public async Task ReceiveAsync(string queueName, FunctionDescriptor function)
    {
        var queue = queues.GetQueueClient(queueName);
        try
        {
            using var timeout = new CancellationTokenSource(InFlightVisibility / 10, instance.Time);
            var messages = (await queue.ReceiveMessagesAsync(BatchSize, InFlightVisibility, timeout.Token)).Value;
            foreach (var message in messages)
                instance.Process.Start(() => RunAsync(queue, function, message));
        }
        catch (Exception e) when (e is RequestFailedException or OperationCanceledException)
        {
            world.Timeline.After(PauseAfterError, owner: null, () => pollAgain(queueName));
        }
    }

    private async Task RunAsync(QueueClient queue, FunctionDescriptor function, QueueMessage message)
    {
        Running++;
        try
        {
            if (message.DequeueCount > MaxDequeueCount)
                await MoveToPoisonAsync(queue, message);
            else
                await RunFunctionAsync(queue, function, message);
        }
        catch (Exception e) when (e is RequestFailedException or OperationCanceledException)
        {
            // The message becomes visible again by itself.
            world.Note(instance.Process.Name, $"{message.MessageId} is left: {e.GetType().Name}");
        }
        finally
        {
            Running--;
        }
    }

    private async Task RunFunctionAsync(QueueClient queue, FunctionDescriptor function, QueueMessage message)
    {
        try
        {
            await instance.InvokeAsync(function, message.Body);
        }
        catch (Exception e)
        {
            world.NoteFailure(instance.Process.Name, function.Name, e);
            if (message.DequeueCount >= MaxDequeueCount)
                await MoveToPoisonAsync(queue, message);
            else
                await queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, message.Body, VisibilityAfterFailure, Patience());
            return;
        }

        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Patience());
    }

    private async Task MoveToPoisonAsync(QueueClient queue, QueueMessage message)
    {
        world.Note(instance.Process.Name, $"{message.MessageId} is poison");
        var poison = queues.GetQueueClient(queue.Name + "-poison");
        await poison.CreateIfNotExistsAsync(cancellationToken: Patience());
        await poison.SendMessageAsync(message.Body, cancellationToken: Patience());
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Patience());
    }

    private CancellationToken Patience() => new CancellationTokenSource(TimeSpan.FromMinutes(1), instance.Time).Token;
}
