using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Processing;
using PointWebhooks.Queues;

namespace PointWebhooks.Functions;

/// <summary>Processes an event of a type that is not documented, or an unreadable one.</summary>
public sealed class ProcessUnknownEvent(EventProcessor processor)
{
    /// <summary>Processes the event of one message.</summary>
    [Function(nameof(ProcessUnknownEvent))]
    public Task RunAsync([QueueTrigger(QueueNames.UnknownEvent)] BinaryData message, CancellationToken cancellationToken) =>
        processor.ProcessAsync(message, cancellationToken);
}
