using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Processing;
using PointWebhooks.Queues;

namespace PointWebhooks.Functions;

/// <summary>Brings back the messages of queue <see cref="QueueNames.ProvisioningFailed"/> that the host gave up on.</summary>
public sealed class DrainPoisonProvisioningFailed(PoisonDrain drain)
{
    /// <summary>Deals with one poison message.</summary>
    [Function(nameof(DrainPoisonProvisioningFailed))]
    public Task RunAsync(
        [QueueTrigger(QueueNames.ProvisioningFailed + QueueNames.PoisonSuffix)] BinaryData message,
        CancellationToken cancellationToken) =>
        drain.DrainAsync(message, cancellationToken);
}
