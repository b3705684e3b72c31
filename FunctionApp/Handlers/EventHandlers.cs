using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Handlers.Configuration;

namespace PointWebhooks.Handlers;

/// <summary>Adds handlers to the app.</summary>
public static class EventHandlers
{
    /// <summary>Adds a handler for every event it implements <see cref="IEventHandler{TEvent}"/> for.</summary>
    /// <param name="name">
    /// The name under which the ledger remembers that it has finished an event; null for the class's name. Keep it when renaming the
    /// class: under another name it would handle open events once more.
    /// </param>
    /// <param name="limits">
    /// How many events it handles at once; with limits it also has a time limit and a circuit breaker, as those of the settings have.
    /// Null for none of them.
    /// </param>
    /// <exception cref="InvalidOperationException">Another handler has the name: the ledger could not tell them apart.</exception>
    /// <exception cref="ArgumentException">The class handles nothing, or the name cannot stand in a url or in the ledger.</exception>
    public static IServiceCollection AddEventHandler<THandler>(
        this IServiceCollection services, string? name = null, HandlerLimits? limits = null)
        where THandler : class
    {
        services.AddScoped<THandler>();
        return services.AddHandler(
            new HandlerRegistration(name ?? typeof(THandler).Name, typeof(THandler), limits),
            $"Give one of them another name: AddEventHandler<{typeof(THandler).Name}>(\"…\").");
    }

    /// <summary>Adds a handler that settings configure.</summary>
    internal static IServiceCollection AddConfiguredHandler(this IServiceCollection services, ConfiguredHandler handler)
    {
        services.AddSingleton(handler);
        handler.AddServices(services);
        return services.AddHandler(
            new HandlerRegistration(handler.Name, typeof(IDownstreamHandler), handler.Limits, handler.Create, handler.Scope.Wants),
            $"Give the one that is not of {ConfiguredHandlers.Section} another name.");
    }

    private static IServiceCollection AddHandler(this IServiceCollection services, HandlerRegistration registration, string advice)
    {
        var sameName = services.Select(service => service.ImplementationInstance).OfType<HandlerRegistration>()
            .Any(other => other.Name == registration.Name);
        return sameName
            ? throw new InvalidOperationException($"Two handlers are named '{registration.Name}'. {advice}")
            : services.AddSingleton(registration);
    }
}
