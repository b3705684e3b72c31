using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>
/// Empties the poison queues, where the Functions host moves the messages that failed five times: storage failed each time, or the
/// process ended. The message of an event is sent to its queue again; no attempt was counted.
/// Read by the relay's timer rather than by triggers: the host invokes no message of a poison queue more than five times.
/// </summary>
internal sealed partial class PoisonQueues(EventQueues queues, PointMetrics metrics, ILogger<PoisonQueues> logger)
{
    // Whatever failed five times within minutes gets a little longer.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public async Task EmptyAsync(CancellationToken cancellationToken)
    {
        var found = 0;
        foreach (var queue in QueueNames.All)
        {
            try
            {
                while (await queues.ReceivePoisonAsync(queue, cancellationToken) is { Count: > 0 } messages)
                {
                    found += messages.Count;
                    foreach (var message in messages)
                        await ResendAsync(queue, message);
                }
            }
            // The events are open: should their messages stay here, the relay sends others.
            catch (Exception e) when (StorageFailure.Is(e))
            {
                LogNotEmptied(e, queue + QueueNames.PoisonSuffix);
            }
        }

        metrics.Poison(found);
    }

    private async Task ResendAsync(string queue, QueueMessage message)
    {
        if (Read(message) is { } ours)
        {
            using var scope = logger.BeginEventScope(ours.Id.Value, ours.Type, ours.IdempotencyKey);
            LogResent(ours.Id.Value);
            await queues.SendAsync(ours, Pause);
        }
        else
        {
            LogForeign(queue + QueueNames.PoisonSuffix, message.Body.ToMemory().Length);
        }

        await queues.RemovePoisonAsync(queue, message);
    }

    private static EventMessage? Read(QueueMessage message)
    {
        try
        {
            var bytes = Convert.FromBase64String(message.Body.ToString());
            return EventMessage.Parse(new BinaryData(bytes));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    [LoggerMessage(
        62, LogLevel.Error, "The host moved the message of event {PointEvent} to a poison queue after five failures. It is sent again.")]
    private partial void LogResent(string pointEvent);

    [LoggerMessage(
        63, LogLevel.Error, "Queue {Queue} holds a message of {Length} characters that is not one of this app's. It is removed.")]
    private partial void LogForeign(string queue, int length);

    [LoggerMessage(64, LogLevel.Warning, "Queue {Queue} could not be emptied; the next sweep tries again.")]
    private partial void LogNotEmptied(Exception exception, string queue);
}
