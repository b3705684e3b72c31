using Microsoft.Extensions.Options;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Settings;

namespace PointWebhooks.Simulator;

/// <summary>The handlers of some settings, made as the app makes them, and asked what they would send.</summary>
internal sealed class Preview : IAsyncDisposable
{
    private const string SamplePoint = "https://contoso.syskit365demo.com";

    private readonly ServiceProvider services;
    private readonly IReadOnlyList<ConfiguredHandler> handlers;

    /// <param name="name">The name of the one handler to ask, or null for all.</param>
    /// <exception cref="SettingsException">Settings of handlers are wrong.</exception>
    /// <exception cref="InvalidOperationException">There is no such handler.</exception>
    public Preview(IConfiguration configuration, string? name)
    {
        var settings = new SettingsReader(configuration);
        var configured = ConfiguredHandlers.Read(settings);
        settings.ThrowIfAnyFailed();
        handlers = [.. configured.Where(handler => name is null || handler.Name.Equals(name, StringComparison.OrdinalIgnoreCase))];
        if (configured.Count == 0)
            throw new InvalidOperationException("No handler is configured. docs/handlers.md says how.");
        if (handlers.Count == 0)
            throw new InvalidOperationException($"No handler has this name. There are {string.Join(", ", configured.Select(one => one.Name))}.");

        var baseUrl = settings.Text($"{PointOptions.Section}:{nameof(PointOptions.BaseUrl)}") is { Length: > 0 } url ? url : SamplePoint;
        var collection = new ServiceCollection().AddLogging().AddSingleton(configuration).AddSingleton(TimeProvider.System)
            .AddSingleton(Options.Create(new PointOptions { BaseUrl = baseUrl }));
        foreach (var handler in handlers)
            collection.AddConfiguredHandler(handler);
        services = collection.BuildServiceProvider();
        Warnings = settings.Warnings;
    }

    /// <summary>What is probably not meant.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>What each handler would send for the event of a body.</summary>
    /// <exception cref="InvalidOperationException">The body holds no event that can be read.</exception>
    public IEnumerable<string> Of(byte[] body)
    {
        var envelope = EventEnvelope.Parse(body);
        var pointEvent = PointEventReader.Read(envelope)
            ?? throw new InvalidOperationException($"The content of this {envelope.Type} event is not a JSON object: it would die at once.");
        var context = new EventContext(
            EventId.Of(envelope.Type, envelope.IdempotencyKey).Value, envelope.IdempotencyKey, DateTimeOffset.UtcNow, 1, body);
        foreach (var handler in handlers)
        {
            yield return $"===== {handler.Name}, {OneLine.Of(envelope.Type, 128)}";
            if (!handler.Scope.Wants(pointEvent))
            {
                yield return "(does not want it)";
                continue;
            }

            foreach (var text in handler.Create(services).Preview(pointEvent, context))
                yield return $"{text}\n";
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => services.DisposeAsync();
}
