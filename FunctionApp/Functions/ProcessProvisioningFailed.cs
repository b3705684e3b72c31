using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Processing;
using PointWebhooks.Queues;

namespace PointWebhooks.Functions;

/// <summary>Processes a ProvisioningFailed event.</summary>
public sealed class ProcessProvisioningFailed(EventProcessor processor)
{
    /// <summary>Processes the event of one message.</summary>
    [Function(nameof(ProcessProvisioningFailed))]
    public Task RunAsync([QueueTrigger(QueueNames.ProvisioningFailed)] BinaryData message, CancellationToken cancellationToken) =>
        processor.ProcessAsync(message, cancellationToken);
}
