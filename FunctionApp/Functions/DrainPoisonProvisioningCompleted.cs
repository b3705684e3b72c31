using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Processing;
using PointWebhooks.Queues;

namespace PointWebhooks.Functions;

/// <summary>Brings back the messages of queue <see cref="QueueNames.ProvisioningCompleted"/> that the host gave up on.</summary>
public sealed class DrainPoisonProvisioningCompleted(PoisonDrain drain)
{
    /// <summary>Deals with one poison message.</summary>
    [Function(nameof(DrainPoisonProvisioningCompleted))]
    public Task RunAsync(
        [QueueTrigger(QueueNames.ProvisioningCompleted + QueueNames.PoisonSuffix)] BinaryData message,
        CancellationToken cancellationToken) =>
        drain.DrainAsync(message, cancellationToken);
}
