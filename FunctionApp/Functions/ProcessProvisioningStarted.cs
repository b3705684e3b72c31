using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Processing;
using PointWebhooks.Queues;

namespace PointWebhooks.Functions;

/// <summary>Processes a ProvisioningStarted event.</summary>
public sealed class ProcessProvisioningStarted(EventProcessor processor)
{
    /// <summary>Processes the event of one message.</summary>
    [Function(nameof(ProcessProvisioningStarted))]
    public Task RunAsync([QueueTrigger(QueueNames.ProvisioningStarted)] BinaryData message, CancellationToken cancellationToken) =>
        processor.ProcessAsync(message, cancellationToken);
}
