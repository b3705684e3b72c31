using Microsoft.Extensions.DependencyInjection;

namespace PointWebhooks.Handlers;

/// <summary>Adds handlers to the app.</summary>
public static class EventHandlers
{
    /// <summary>Adds a handler for every event it implements <see cref="IEventHandler{TEvent}"/> for.</summary>
    /// <param name="name">
    /// The name under which the ledger remembers that it has finished an event; null for the class's name. Keep it when renaming the
    /// class: under another name it would handle open events once more.
    /// </param>
    /// <exception cref="InvalidOperationException">Another handler has the name: the ledger could not tell them apart.</exception>
    /// <exception cref="ArgumentException">The class handles nothing.</exception>
    public static IServiceCollection AddEventHandler<THandler>(this IServiceCollection services, string? name = null)
        where THandler : class
    {
        var registration = new HandlerRegistration(name ?? typeof(THandler).Name, typeof(THandler));
        var sameName = services.Select(service => service.ImplementationInstance).OfType<HandlerRegistration>()
            .Any(other => other.Name == registration.Name);
        if (sameName)
        {
            throw new InvalidOperationException(
                $"Two handlers are named '{registration.Name}'. Give one of them another name: AddEventHandler<{typeof(THandler).Name}>(\"…\").");
        }

        services.AddScoped<THandler>();
        return services.AddSingleton(registration);
    }
}
