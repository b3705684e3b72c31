using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using PointWebhooks.Storage;

namespace PointWebhooks.Queues;

/// <summary>How many messages a queue holds, as storage estimates it, those in work or waiting for their time included.</summary>
/// <param name="Poison">The messages of its poison queue.</param>
internal sealed record QueueLength(string Queue, int Messages, int Poison);

/// <summary>The queues that say "look at this event". They may lose or double a message: the ledger knows better.</summary>
internal sealed partial class EventQueues(StorageConnection storage, StorageRetry retry, ILogger<EventQueues> logger)
{
    /// <summary>
    /// How messages are encoded; host.json's <c>messageEncoding</c> has to say the same, or every message ends in poison.
    /// </summary>
    public const QueueMessageEncoding MessageEncoding = QueueMessageEncoding.Base64;

    private const int MostAtOnce = 32;

    // The ledger has the event already, and a sender may be waiting: the relay is the net.
    private static readonly TimeSpan SendBudget = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReadBudget = TimeSpan.FromSeconds(10);

    // A backlog, however old, is still to be worked off.
    private static readonly TimeSpan NeverExpires = TimeSpan.FromSeconds(-1);

    private readonly QueueServiceClient service = storage.Queues(MessageEncoding);
    // For poison queues: what is not base64 ends there, too.
    private readonly QueueServiceClient raw = storage.Queues(QueueMessageEncoding.None);
    private readonly ConcurrentDictionary<string, QueueClient> clients = [];

    /// <summary>Sends an event to the queue of its type; when storage does not take it, the relay will.</summary>
    /// <param name="delay">How long it stays invisible, at most seven days; null for not at all.</param>
    /// <returns>Whether it was sent, as far as is known.</returns>
    public async Task<bool> TrySendAsync(EventMessage message, TimeSpan? delay = null)
    {
        try
        {
            await SendAsync(message, delay);
            return true;
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogNotSent(e, message.Id.Value);
            return false;
        }
    }

    /// <summary>Sends an event to the queue of its type.</summary>
    /// <param name="delay">How long it stays invisible, at most seven days; null for not at all.</param>
    /// <exception cref="RequestFailedException">The queue service did not take it.</exception>
    /// <exception cref="TimeoutException">The queue service did not answer.</exception>
    public Task SendAsync(EventMessage message, TimeSpan? delay = null)
    {
        var queue = clients.GetOrAdd(QueueNames.For(message.Type), service.GetQueueClient);
        var content = message.ToBinaryData();
        return retry.RunAsync(
            async token =>
            {
                try
                {
                    return await queue.SendMessageAsync(content, WholeSeconds(delay), NeverExpires, token);
                }
                catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
                {
                    await queue.CreateIfNotExistsAsync(cancellationToken: token);
                    return await queue.SendMessageAsync(content, WholeSeconds(delay), NeverExpires, token);
                }
            },
            SendBudget);
    }

    /// <summary>
    /// Takes up to 32 messages from the poison queue of a queue; each stays there, unseen for ten minutes, until removed.
    /// </summary>
    public Task<IReadOnlyList<QueueMessage>> ReceivePoisonAsync(string queueName, CancellationToken cancellationToken) => retry.RunAsync(
        async token =>
        {
            try
            {
                IReadOnlyList<QueueMessage> received =
                    (await Poison(queueName).ReceiveMessagesAsync(MostAtOnce, TimeSpan.FromMinutes(10), token)).Value;
                return received;
            }
            catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
            {
                return [];
            }
        },
        ReadBudget,
        cancellationToken);

    /// <summary>Removes a message from the poison queue of a queue.</summary>
    public async Task RemovePoisonAsync(string queueName, QueueMessage message)
    {
        try
        {
            await retry.RunAsync(token => Poison(queueName).DeleteMessageAsync(message.MessageId, message.PopReceipt, token), ReadBudget);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Removed before, by a call whose answer was lost.
        }
    }

    /// <summary>The length of every queue; a queue that does not exist yet is empty.</summary>
    /// <exception cref="RequestFailedException">The queue service did not answer.</exception>
    public async Task<IReadOnlyList<QueueLength>> LengthsAsync(CancellationToken cancellationToken) => await Task.WhenAll(
        QueueNames.All.Select(async name =>
        {
            var (messages, poison) = (LengthAsync(name, cancellationToken), LengthAsync(name + QueueNames.PoisonSuffix, cancellationToken));
            return new QueueLength(name, await messages, await poison);
        }));

    // The service takes whole seconds and would leave out the rest; a retry must not come before its time.
    private static TimeSpan? WholeSeconds(TimeSpan? delay) =>
        delay is { } exact ? TimeSpan.FromSeconds(Math.Ceiling(exact.TotalSeconds)) : null;

    private QueueClient Poison(string queueName) => raw.GetQueueClient(queueName + QueueNames.PoisonSuffix);

    private Task<int> LengthAsync(string name, CancellationToken cancellationToken) => retry.RunAsync(
        async token =>
        {
            try
            {
                return (await service.GetQueueClient(name).GetPropertiesAsync(token)).Value.ApproximateMessagesCount;
            }
            catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
            {
                return 0;
            }
        },
        ReadBudget,
        cancellationToken);

    [LoggerMessage(5, LogLevel.Warning, "The message of event {PointEvent} could not be sent; the relay will send one.")]
    private partial void LogNotSent(Exception exception, string pointEvent);
}
