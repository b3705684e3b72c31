using PointWebhooks.Events;
using PointWebhooks.Handlers;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>Brings every event to the downstream system.</summary>
internal abstract class SimulatedHandler(SimulatedInstance instance, Downstream downstream) : IEventHandler<PointEvent>
{
    public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken) =>
        downstream.CallAsync(instance, GetType().Name, new EventName(pointEvent.Type, context.IdempotencyKey), cancellationToken);
}

internal sealed class FirstHandler(SimulatedInstance instance, Downstream downstream) : SimulatedHandler(instance, downstream);

internal sealed class SecondHandler(SimulatedInstance instance, Downstream downstream) : SimulatedHandler(instance, downstream);
