using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Processing;
using PointWebhooks.Queues;

namespace PointWebhooks.Functions;

/// <summary>Processes a ProvisioningCompleted event.</summary>
public sealed class ProcessProvisioningCompleted(EventProcessor processor)
{
    /// <summary>Processes the event of one message.</summary>
    [Function(nameof(ProcessProvisioningCompleted))]
    public Task RunAsync([QueueTrigger(QueueNames.ProvisioningCompleted)] BinaryData message, CancellationToken cancellationToken) =>
        processor.ProcessAsync(message, cancellationToken);
}
