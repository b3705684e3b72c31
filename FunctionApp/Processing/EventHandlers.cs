using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Events;

namespace PointWebhooks.Processing;

/// <summary>Finds the handlers of an event.</summary>
public sealed class EventHandlers(IServiceProvider services)
{
    /// <summary>The handlers of an event, bound to it, in the order of their registration.</summary>
    public IReadOnlyList<BoundHandler> For(PointEvent pointEvent) => pointEvent switch
    {
        ProvisioningStarted started => [.. Bound(started), .. Bound<ProvisioningEvent>(started), .. Bound<PointEvent>(started)],
        ProvisioningCompleted completed => [.. Bound(completed), .. Bound<ProvisioningEvent>(completed), .. Bound<PointEvent>(completed)],
        ProvisioningFailed failed => [.. Bound(failed), .. Bound<ProvisioningEvent>(failed), .. Bound<PointEvent>(failed)],
        UnknownEvent unknown => [.. Bound(unknown), .. Bound<PointEvent>(unknown)],
        _ => [.. Bound(pointEvent)],
    };

    private IEnumerable<BoundHandler> Bound<TEvent>(TEvent pointEvent) where TEvent : PointEvent =>
        services.GetServices<IEventHandler<TEvent>>().Select(handler => new BoundHandler(
            handler.Name, (context, cancellationToken) => handler.HandleAsync(pointEvent, context, cancellationToken)));
}
