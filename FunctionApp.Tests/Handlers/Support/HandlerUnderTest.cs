using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Settings;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers.Support;

/// <summary>One handler, as its settings make it, without storage and queues.</summary>
internal sealed class HandlerUnderTest : IAsyncDisposable
{
    private const string DefaultName = "test";

    private readonly ServiceProvider services;

    /// <param name="kind">Its kind.</param>
    /// <param name="settings">Its settings, by their names below <c>Handlers:{kind}:{name}:</c>.</param>
    /// <param name="configure">Changes services.</param>
    /// <param name="name">Its name.</param>
    public HandlerUnderTest(
        string kind,
        IEnumerable<(string Setting, string? Value)> settings,
        Action<IServiceCollection>? configure = null,
        string name = DefaultName)
    {
        var configuration = Configuration(kind, name, settings);
        var collection = new ServiceCollection().AddLogging().AddSingleton(configuration).AddPointWebhooks(configuration);
        configure?.Invoke(collection);
        services = collection.BuildServiceProvider();
        Configured = services.GetRequiredService<ConfiguredHandler>();
    }

    public ConfiguredHandler Configured { get; }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Handles a documented event.</summary>
    /// <returns>The context, which has what the handler has reported.</returns>
    public Task<EventContext> HandleAsync(
        string type = "ProvisioningCompleted", string key = "key", CancellationToken cancellationToken = default) =>
        HandleAsync(SampleEvents.Body(type, key), cancellationToken: cancellationToken);

    /// <summary>Handles an event.</summary>
    public async Task<EventContext> HandleAsync(byte[] body, int attempt = 1, CancellationToken cancellationToken = default)
    {
        var (pointEvent, context) = Read(body, attempt);
        await Configured.Create(services).HandleAsync(pointEvent, context, cancellationToken);
        return context;
    }

    public IReadOnlyList<string> Preview(string type = "ProvisioningCompleted")
    {
        var (pointEvent, context) = Read(SampleEvents.Body(type, "key"), 1);
        return [.. Configured.Create(services).Preview(pointEvent, context)];
    }

    public static (PointEvent Event, EventContext Context) Read(byte[] body, int attempt = 1)
    {
        var envelope = EventEnvelope.Parse(body);
        return (
            PointEventReader.Read(envelope)!,
            new EventContext(
                EventId.Of(envelope.Type, envelope.IdempotencyKey).Value,
                envelope.IdempotencyKey,
                new DateTimeOffset(2026, 5, 1, 12, 0, 1, TimeSpan.Zero),
                attempt,
                body));
    }

    /// <summary>The section of a handler <c>test</c> with these settings, and nothing made of it yet.</summary>
    public static HandlerSection Section(string kind, params IEnumerable<(string Setting, string? Value)> settings) =>
        new(new SettingsReader(Configuration(kind, DefaultName, settings)), kind, DefaultName);

    public static byte[] Body(string json) => Encoding.UTF8.GetBytes(json);

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static IConfiguration Configuration(string kind, string name, IEnumerable<(string Setting, string? Value)> settings) =>
        ValidSettings.With(settings.Select(setting => ($"Handlers:{kind}:{name}:{setting.Setting}", setting.Value)));
}
