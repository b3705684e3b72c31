using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Processing;
using PointWebhooks.Queues;

namespace PointWebhooks.Functions;

/// <summary>Processes the events of the queues, one queue for each documented type and one for everything else.</summary>
internal sealed class ProcessEvents(EventProcessor processor)
{
    [Function("ProcessProvisioningStarted")]
    public Task StartedAsync([QueueTrigger(QueueNames.ProvisioningStarted)] BinaryData message, CancellationToken cancellationToken) =>
        processor.ProcessAsync(message, cancellationToken);

    [Function("ProcessProvisioningCompleted")]
    public Task CompletedAsync([QueueTrigger(QueueNames.ProvisioningCompleted)] BinaryData message, CancellationToken cancellationToken) =>
        processor.ProcessAsync(message, cancellationToken);

    [Function("ProcessProvisioningFailed")]
    public Task FailedAsync([QueueTrigger(QueueNames.ProvisioningFailed)] BinaryData message, CancellationToken cancellationToken) =>
        processor.ProcessAsync(message, cancellationToken);

    [Function("ProcessUnknownEvent")]
    public Task UnknownAsync([QueueTrigger(QueueNames.UnknownEvent)] BinaryData message, CancellationToken cancellationToken) =>
        processor.ProcessAsync(message, cancellationToken);
}
