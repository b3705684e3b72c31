using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Events;

namespace PointWebhooks.Processing;

/// <summary>Finds the handlers of an event.</summary>
public sealed class EventHandlers(IServiceProvider services)
{
    /// <summary>
    /// The handlers of an event, bound to it, in the order of their registration. A handler that is registered for the event and
    /// for what it derives from is bound to the event itself, once.
    /// </summary>
    /// <exception cref="InvalidOperationException">Two handlers have one name: the ledger could not tell them apart.</exception>
    public IReadOnlyList<BoundHandler> For(PointEvent pointEvent)
    {
        var handlers = All(pointEvent).DistinctBy(handler => handler.Instance).ToList();
        var ambiguous = handlers.GroupBy(handler => handler.Name).FirstOrDefault(named => named.Count() > 1);
        return ambiguous is null
            ? handlers
            : throw new InvalidOperationException(
                $"The handlers {string.Join(" and ", ambiguous.Select(handler => handler.Instance.GetType()))} "
                + $"share the name '{ambiguous.Key}'. Give one of them another {nameof(BoundHandler.Name)}.");
    }

    private IReadOnlyList<BoundHandler> All(PointEvent pointEvent) => pointEvent switch
    {
        ProvisioningStarted started => [.. Bound(started), .. Bound<ProvisioningEvent>(started), .. Bound<PointEvent>(started)],
        ProvisioningCompleted completed => [.. Bound(completed), .. Bound<ProvisioningEvent>(completed), .. Bound<PointEvent>(completed)],
        ProvisioningFailed failed => [.. Bound(failed), .. Bound<ProvisioningEvent>(failed), .. Bound<PointEvent>(failed)],
        UnknownEvent unknown => [.. Bound(unknown), .. Bound<PointEvent>(unknown)],
        _ => [.. Bound(pointEvent)],
    };

    private IEnumerable<BoundHandler> Bound<TEvent>(TEvent pointEvent) where TEvent : PointEvent =>
        services.GetServices<IEventHandler<TEvent>>().Select(handler => new BoundHandler(
            handler.Name, handler, (context, cancellationToken) => handler.HandleAsync(pointEvent, context, cancellationToken)));
}
