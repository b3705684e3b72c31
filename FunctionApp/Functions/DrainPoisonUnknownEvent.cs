using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Processing;
using PointWebhooks.Queues;

namespace PointWebhooks.Functions;

/// <summary>Brings back the messages of queue <see cref="QueueNames.UnknownEvent"/> that the host gave up on.</summary>
public sealed class DrainPoisonUnknownEvent(PoisonDrain drain)
{
    /// <summary>Deals with one poison message.</summary>
    [Function(nameof(DrainPoisonUnknownEvent))]
    public Task RunAsync(
        [QueueTrigger(QueueNames.UnknownEvent + QueueNames.PoisonSuffix)] BinaryData message,
        CancellationToken cancellationToken) =>
        drain.DrainAsync(message, cancellationToken);
}
