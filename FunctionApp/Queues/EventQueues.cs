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

    // A backlog, however old, is still to be worked off.
    private static readonly TimeSpan NeverExpires = TimeSpan.FromSeconds(-1);

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
    /// <param name="message">The message.</param>
    /// <param name="delay">How long it stays invisible, at most seven days; null for not at all.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    /// <exception cref="RequestFailedException">The queue service did not take it.</exception>
    public async Task SendAsync(EventMessage message, TimeSpan? delay, CancellationToken cancellationToken)
    {
        var queue = clients.GetOrAdd(QueueNames.For(message.Type), service.GetQueueClient);
        var content = message.ToBinaryData();
        try
        {
            await queue.SendMessageAsync(content, WholeSeconds(delay), NeverExpires, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(content, WholeSeconds(delay), NeverExpires, cancellationToken);
        }
    }

    /// <summary>The length of every queue; a queue that does not exist yet is empty.</summary>
    /// <exception cref="RequestFailedException">The queue service did not answer.</exception>
    public async Task<IReadOnlyList<QueueLength>?> LengthsAsync(CancellationToken cancellationToken) => await Task.WhenAll(
        QueueNames.All.Select(async name => new QueueLength(
            name, await LengthAsync(name, cancellationToken), await LengthAsync(name + QueueNames.PoisonSuffix, cancellationToken))));

    // The service takes whole seconds and would leave out the rest; a retry must not come before its time.
    private static TimeSpan? WholeSeconds(TimeSpan? delay) =>
        delay is { } exact ? TimeSpan.FromSeconds(Math.Ceiling(exact.TotalSeconds)) : null;

    private async Task<int> LengthAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await service.GetQueueClient(name).GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return 0;
        }
    }
}
