using Azure;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>Fetches the messages of a queue in batches, as the listener of the Functions host does.</summary>
internal sealed class QueuePoller(QueueMessageProcessor processor, QueueSettings settings, TimeProvider time, ILogger logger)
{
    /// <summary>Polls until it is stopped, then waits for the messages in work.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var running = new List<Task>();
        var backoff = new PollingBackoff(settings.MaxPollingInterval, Random.Shared);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var messages = await ReceiveAsync(stopping);
                if (messages.Length == 0)
                {
                    await Task.Delay(backoff.Next(), time, stopping);
                    continue;
                }

                backoff.Reset();
                running.AddRange(messages.Select(message => processor.ProcessAsync(message, stopping)));
                while (running.Count > settings.FetchBelow)
                    running.Remove(await Task.WhenAny(running));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
        }

        await Task.WhenAll(running);
    }

    private async Task<QueueMessage[]> ReceiveAsync(CancellationToken stopping)
    {
        try
        {
            return await processor.Queue.ReceiveMessagesAsync(settings.BatchSize, QueueMessageProcessor.InFlightVisibility, stopping);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return [];
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            Log.QueueNotRead(logger, processor.Queue.Name, e);
            return [];
        }
    }
}
