using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Handlers;

namespace PointWebhooks.Tests.Handlers.Support;

/// <summary>The runs of one handler; each makes it anew, as the app does.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="time">The app's clock.</param>
/// <param name="settings">Its settings; one that is null is left out.</param>
/// <param name="name">Its name.</param>
internal sealed class HandlerRuns(
    string kind, TimeProvider time, IReadOnlyDictionary<string, string?> settings, string name = "test") : IAsyncDisposable
{
    private readonly HandlerUnderTest handler = new(
        kind, settings.Select(setting => (setting.Key, setting.Value)), services => services.AddSingleton(time), name);

    /// <summary>Runs it for an event.</summary>
    /// <param name="lastRunAt">When an earlier run had ended.</param>
    /// <returns>What it says that it has done.</returns>
    public async Task<string?> RunAsync(SentEvent sent, DateTimeOffset? lastRunAt = null) => (await ReportAsync(sent, lastRunAt))?.Text;

    /// <summary>Runs it for an event.</summary>
    /// <param name="lastRunAt">When an earlier run had ended.</param>
    /// <returns>What it says that it has done, and where that can be seen.</returns>
    public async Task<HandlerEffect?> ReportAsync(SentEvent sent, DateTimeOffset? lastRunAt = null)
    {
        var context = sent.Context with { LastRunAt = lastRunAt };
        await handler.Configured.Create(handler.Get<IServiceProvider>()).HandleAsync(sent.Event, context, CancellationToken.None);
        return context.Effect;
    }

    /// <summary>Runs it for an event, and returns what it throws.</summary>
    public async Task<TException> FailAsync<TException>(SentEvent sent, DateTimeOffset? lastRunAt = null) where TException : Exception
    {
        try
        {
            var effect = await RunAsync(sent, lastRunAt);
            throw new AssertionException($"It should have failed, and says: {effect}");
        }
        catch (TException e)
        {
            return e;
        }
    }

    /// <summary>What it would send.</summary>
    public IReadOnlyList<string> Preview(SentEvent sent) =>
        [.. handler.Configured.Create(handler.Get<IServiceProvider>()).Preview(sent.Event, sent.Context)];

    public ValueTask DisposeAsync() => handler.DisposeAsync();
}
