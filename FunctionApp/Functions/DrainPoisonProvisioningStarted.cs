using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Processing;
using PointWebhooks.Queues;

namespace PointWebhooks.Functions;

/// <summary>Brings back the messages of queue <see cref="QueueNames.ProvisioningStarted"/> that the host gave up on.</summary>
public sealed class DrainPoisonProvisioningStarted(PoisonDrain drain)
{
    /// <summary>Deals with one poison message.</summary>
    [Function(nameof(DrainPoisonProvisioningStarted))]
    public Task RunAsync(
        [QueueTrigger(QueueNames.ProvisioningStarted + QueueNames.PoisonSuffix)] BinaryData message,
        CancellationToken cancellationToken) =>
        drain.DrainAsync(message, cancellationToken);
}
