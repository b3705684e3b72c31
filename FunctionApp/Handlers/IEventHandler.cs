using PointWebhooks.Events;

namespace PointWebhooks.Handlers;

/// <summary>
/// Handles events: the way to extend this app. <typeparamref name="TEvent"/> is a documented event, an
/// <see cref="UnknownEvent"/>, <see cref="ProvisioningEvent"/> for the three of provisioning, or <see cref="PointEvent"/> for
/// every event. Registered with <c>services.AddEventHandler&lt;T&gt;()</c>; a handler may implement it for several events.
/// </summary>
/// <typeparam name="TEvent">The events it handles.</typeparam>
public interface IEventHandler<in TEvent> where TEvent : PointEvent
{
    /// <summary>
    /// Handles an event. When it returns, the handler is done with this event for good; when it throws, it is run again later,
    /// and the handlers that had finished are not.
    /// </summary>
    Task HandleAsync(TEvent pointEvent, EventContext context, CancellationToken cancellationToken);
}
