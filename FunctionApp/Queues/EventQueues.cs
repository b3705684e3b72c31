using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using PointWebhooks.Storage;

namespace PointWebhooks.Queues;

/// <summary>The queues that say "look at this event". They may lose or double a message: the ledger knows better.</summary>
public sealed class EventQueues
{
    /// <summary>How messages are encoded; host.json's <c>messageEncoding</c> has to say the same, or every message ends in poison.</summary>
    public const QueueMessageEncoding MessageEncoding = QueueMessageEncoding.Base64;

    private readonly QueueServiceClient service;
    private readonly ConcurrentDictionary<string, QueueClient> clients = [];

    /// <summary>Connects to the queues; nothing is sent yet.</summary>
    public EventQueues(StorageConnection storage)
    {
        var options = new QueueClientOptions { MessageEncoding = MessageEncoding };
        StorageRetry.Configure(options.Retry);
        service = storage.Queues(options);
    }

    /// <summary>Sends an event to the queue of its type.</summary>
    /// <exception cref="RequestFailedException">The queue service did not take it.</exception>
    public async Task SendAsync(EventMessage message, CancellationToken cancellationToken)
    {
        var queue = clients.GetOrAdd(QueueNames.For(message.Type), service.GetQueueClient);
        var content = message.ToBinaryData();
        try
        {
            await queue.SendMessageAsync(content, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(content, cancellationToken: cancellationToken);
        }
    }
}
