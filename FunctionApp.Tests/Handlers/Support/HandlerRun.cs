using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers.Support;

/// <summary>A handler of the settings, in the services of the app; each run makes it anew, as the app does.</summary>
internal sealed class HandlerRun : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly string name;

    /// <param name="section">The section of the handler, such as <c>Handlers:Jira:IT</c>; a setting that is null is left out.</param>
    public HandlerRun(string section, TimeProvider time, IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = ValidSettings.With(settings.Select(setting => ($"{section}:{setting.Key}", setting.Value)));
        var all = new ServiceCollection();
        all.AddSingleton<IConfiguration>(configuration).AddSingleton(time).AddLogging(logging => logging.ClearProviders());
        all.AddPointWebhooks(configuration);
        services = all.BuildServiceProvider();
        name = services.GetRequiredService<ConfiguredHandler>().Name;
    }

    /// <summary>Runs it for an event.</summary>
    /// <param name="lastRunAt">When an earlier run had ended.</param>
    /// <returns>What it says that it has done.</returns>
    public async Task<string?> RunAsync(SentEvent sent, DateTimeOffset? lastRunAt = null)
    {
        var context = sent.Context with { LastRunAt = lastRunAt };
        var registration = services.GetServices<HandlerRegistration>().Single(one => one.Name == name);
        await using var scope = services.CreateAsyncScope();
        await registration.HandleAsync(scope.ServiceProvider, sent.Event, context, CancellationToken.None);
        return context.Effect?.Text;
    }

    /// <summary>Runs it for an event, and returns what it throws.</summary>
    public Task<TException> FailAsync<TException>(SentEvent sent, DateTimeOffset? lastRunAt = null) where TException : Exception
    {
        var thrown = Assert.ThrowsAsync<TException>(() => RunAsync(sent, lastRunAt));
        return Task.FromResult(thrown!);
    }

    /// <summary>What it would send.</summary>
    public IReadOnlyList<string> Preview(SentEvent sent) =>
        [.. services.GetRequiredService<ConfiguredHandler>().Create(services).Preview(sent.Event, sent.Context)];

    public ValueTask DisposeAsync() => services.DisposeAsync();
}

/// <summary>An event as a handler gets it.</summary>
internal sealed record SentEvent(PointEvent Event, EventContext Context)
{
    public string Id => Context.EventId;

    public static SentEvent Started(string name = "Project Phoenix") => Of("ProvisioningStarted", new { name, type = "MicrosoftTeams" });

    public static SentEvent Completed(string url, string name = "Project Phoenix") =>
        Of("ProvisioningCompleted", new { name, type = "MicrosoftTeams", url });

    public static SentEvent Failed(string error = "The alias is already in use.", string name = "Project Phoenix") =>
        Of("ProvisioningFailed", new { name, type = "MicrosoftTeams", error });

    public static SentEvent Of(string type, object content)
    {
        var key = Guid.NewGuid().ToString();
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type, content, meta = new { timeStamp = "2026-05-01T12:00:00", idempotencyKey = key } });
        return new SentEvent(
            PointEventReader.Read(EventEnvelope.Parse(body))!,
            new EventContext(EventId.Of(type, key).Value, key, DateTimeOffset.UtcNow, 1, body));
    }
}
