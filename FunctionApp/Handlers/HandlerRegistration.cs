using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Events;

namespace PointWebhooks.Handlers;

/// <summary>A handler as it was registered: its name in the ledger, and the events it handles.</summary>
internal sealed class HandlerRegistration
{
    private const int LongestName = 100;

    // They would end or change the path of a url in which the name stands, or the list of those that an event waits for.
    private const string NotInNames = ",/\\?#%";

    private readonly Func<IServiceProvider, object> create;
    private readonly Func<PointEvent, bool> wants;
    // The most derived first, so that an event is handled as what it is.
    private readonly IReadOnlyList<(Type Event, MethodInfo Handle)> contracts;

    /// <param name="name">The name under which the ledger remembers it.</param>
    /// <param name="type">Its class.</param>
    /// <param name="limits">What it may do at once; null for as much as comes, and without a circuit breaker.</param>
    /// <param name="create">Makes it, for one event; null to take its class from the services.</param>
    /// <param name="wants">Which events it wants of those that it can handle; null for all.</param>
    /// <exception cref="ArgumentException">It handles nothing, or its name cannot stand in a url or in the ledger.</exception>
    public HandlerRegistration(
        string name,
        Type type,
        HandlerLimits? limits = null,
        Func<IServiceProvider, object>? create = null,
        Func<PointEvent, bool>? wants = null)
    {
        if (name.Trim().Length is 0 or > LongestName || name.Any(c => char.IsControl(c) || NotInNames.Contains(c)))
        {
            throw new ArgumentException(
                $"'{name}' is no name of a handler. Use up to {LongestName} characters, without line breaks and without {NotInNames}", nameof(name));
        }

        (Name, Limits) = (name, limits);
        this.create = create ?? (services => services.GetRequiredService(type));
        this.wants = wants ?? (_ => true);
        contracts =
        [
            .. type.GetInterfaces()
                .Where(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IEventHandler<>))
                .Select(contract => (contract.GetGenericArguments()[0], contract.GetMethod(nameof(IEventHandler<>.HandleAsync))!))
                .OrderByDescending(contract => Depth(contract.Item1)),
        ];
        if (contracts.Count == 0)
            throw new ArgumentException($"{type} implements no {nameof(IEventHandler<>)}<…>: implement it for the events to handle.", nameof(type));
    }

    /// <summary>The name under which the ledger remembers it.</summary>
    public string Name { get; }

    /// <summary>What it may do at once, or null for as much as comes.</summary>
    public HandlerLimits? Limits { get; }

    public bool Handles(PointEvent pointEvent) =>
        contracts.Any(contract => contract.Event.IsInstanceOfType(pointEvent)) && wants(pointEvent);

    /// <summary>Makes the handler and lets it handle an event. That it cannot be made is its own failure.</summary>
    public Task HandleAsync(IServiceProvider services, PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        var handle = contracts.First(contract => contract.Event.IsInstanceOfType(pointEvent)).Handle;
        var handler = create(services);
        return (Task)handle.Invoke(
            handler, BindingFlags.DoNotWrapExceptions, null, [pointEvent, context, cancellationToken], null)!;
    }

    private static int Depth(Type type) => type.BaseType is { } parent ? 1 + Depth(parent) : 0;
}
