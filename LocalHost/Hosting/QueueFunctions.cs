using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PointWebhooks.Queues;
using PointWebhooks.Storage;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>Queue triggers: one poller for each, with the visibility, retry and poison rules of the Functions host.</summary>
internal sealed class QueueFunctions(
    StorageConnection storage,
    HostSettings settings,
    IConfiguration configuration,
    IServiceProvider services,
    ILogger<QueueFunctions> logger) : BackgroundService
{
    private const string PoisonSuffix = "-poison";
    private static readonly TimeSpan MinPollingInterval = TimeSpan.FromMilliseconds(100);
    // How long the host hides a message while its function runs, renewed at half-life.
    private static readonly TimeSpan InFlightVisibility = TimeSpan.FromMinutes(10);

    private readonly QueueServiceClient queues = storage.Queues(new QueueClientOptions { MessageEncoding = EventQueues.MessageEncoding });

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        FunctionDescriptor.Triggered<QueueTrigger>(configuration)
            .Select(triggered => PollAsync(triggered.Function, triggered.Trigger.QueueName, stoppingToken)));

    private async Task PollAsync(FunctionDescriptor function, string queueName, CancellationToken stopping)
    {
        var queue = queues.GetQueueClient(queueName);
        var running = new List<Task>();
        var pause = MinPollingInterval;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                running.RemoveAll(task => task.IsCompleted);
                if (running.Count > settings.NewBatchThreshold)
                {
                    await Task.WhenAny(running);
                    continue;
                }

                var messages = await ReceiveAsync(queue, stopping);
                running.AddRange(messages.Select(message => RunAsync(function, queue, message, stopping)));
                pause = messages.Length > 0 ? MinPollingInterval : Longer(pause);
                await Task.Delay(pause, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                Log.QueueNotRead(logger, queueName, e);
                pause = Longer(pause);
            }
        }

        await Task.WhenAll(running);
    }

    private async Task<QueueMessage[]> ReceiveAsync(QueueClient queue, CancellationToken stopping)
    {
        try
        {
            return await queue.ReceiveMessagesAsync(settings.BatchSize, InFlightVisibility, stopping);
        }
        catch (Azure.RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return [];
        }
    }

    private async Task RunAsync(FunctionDescriptor function, QueueClient queue, QueueMessage message, CancellationToken stopping)
    {
        try
        {
            if (message.DequeueCount > settings.MaxDequeueCount)
            {
                await MoveToPoisonAsync(queue, message);
                return;
            }

            using var finished = new CancellationTokenSource();
            var receipt = KeepInvisibleAsync(queue, message, finished.Token);
            Exception? failure = null;
            try
            {
                await function.InvokeAsync(
                    services, parameter => parameter.ParameterType == typeof(CancellationToken) ? stopping : message.Body);
            }
            catch (Exception e)
            {
                failure = e;
            }

            await finished.CancelAsync();
            await FinishAsync(function, queue, message, await receipt, failure);
        }
        catch (Exception e)
        {
            // The message becomes visible again by itself.
            Log.FunctionFailed(logger, function.Name, e);
        }
    }

    private async Task FinishAsync(FunctionDescriptor function, QueueClient queue, QueueMessage message, string receipt, Exception? failure)
    {
        if (failure is null)
        {
            await queue.DeleteMessageAsync(message.MessageId, receipt);
            return;
        }

        Log.FunctionFailed(logger, function.Name, failure);
        // A poison queue has no poison queue of its own: its message just stays invisible for a while.
        if (IsPoison(queue))
            return;

        if (message.DequeueCount >= settings.MaxDequeueCount)
            await MoveToPoisonAsync(queue, message, receipt);
        else
            await queue.UpdateMessageAsync(message.MessageId, receipt, message.Body, settings.VisibilityTimeout);
    }

    private static async Task<string> KeepInvisibleAsync(QueueClient queue, QueueMessage message, CancellationToken finished)
    {
        var receipt = message.PopReceipt;
        using var timer = new PeriodicTimer(InFlightVisibility / 2);
        try
        {
            while (await timer.WaitForNextTickAsync(finished))
            {
                var updated = await queue.UpdateMessageAsync(
                    message.MessageId, receipt, message.Body, InFlightVisibility, CancellationToken.None);
                receipt = updated.Value.PopReceipt;
            }
        }
        catch (OperationCanceledException)
        {
        }

        return receipt;
    }

    private async Task MoveToPoisonAsync(QueueClient queue, QueueMessage message, string? receipt = null)
    {
        if (IsPoison(queue))
            return;

        var poison = queues.GetQueueClient(queue.Name + PoisonSuffix);
        Log.MovedToPoison(logger, settings.MaxDequeueCount, poison.Name);
        await poison.CreateIfNotExistsAsync();
        await poison.SendMessageAsync(message.Body);
        await queue.DeleteMessageAsync(message.MessageId, receipt ?? message.PopReceipt);
    }

    private static bool IsPoison(QueueClient queue) => queue.Name.EndsWith(PoisonSuffix, StringComparison.Ordinal);

    private TimeSpan Longer(TimeSpan pause)
    {
        var longer = pause * (1.5 + Random.Shared.NextDouble());
        return longer < settings.MaxPollingInterval ? longer : settings.MaxPollingInterval;
    }
}
