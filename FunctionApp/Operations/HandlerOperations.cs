using Microsoft.Extensions.Logging;
using PointWebhooks.Handlers;
using PointWebhooks.Pausing;

namespace PointWebhooks.Operations;

/// <summary>Whether a handler runs, on every instance.</summary>
/// <param name="Handler">Its name.</param>
/// <param name="IsPaused">Whether operators have paused it.</param>
/// <param name="Since">Since when, in UTC; null of one that runs.</param>
/// <param name="By">Who paused it; null of one that runs, and where that is not known.</param>
/// <param name="IsConfigured">Whether this app has it still: one that was paused may have been taken out of the settings since.</param>
internal sealed record HandlerState(string Handler, bool IsPaused, DateTimeOffset? Since, string? By, bool IsConfigured)
{
    /// <summary>How many events wait for it, at least; null where that is not known.</summary>
    public int? Waiting { get; init; }
}

/// <summary>What operators do with handlers: look, pause, resume. Pressed twice, it is as if it had been pressed once.</summary>
internal sealed partial class HandlerOperations(
    IEnumerable<HandlerRegistration> handlers, PauseStore store, HandlerPauses pauses, ILogger<HandlerOperations> logger)
{
    private static readonly TimeSpan ReadBudget = TimeSpan.FromSeconds(10);

    /// <summary>The names of the handlers of this app.</summary>
    public IEnumerable<string> Names => handlers.Select(handler => handler.Name);

    /// <summary>The handlers of this app, and others that are paused.</summary>
    public async Task<IReadOnlyList<HandlerState>> ListAsync(CancellationToken cancellationToken)
    {
        var paused = await store.ReadAsync(ReadBudget, cancellationToken);
        return
        [
            .. Names.Union(paused.Keys.Order(StringComparer.Ordinal))
                .Select(name => StateOf(name, paused.GetValueOrDefault(name))),
        ];
    }

    /// <summary>Pauses a handler: within a minute no instance begins to run it. What runs is finished.</summary>
    /// <param name="by">Who asks for it, or null where that is not known.</param>
    /// <returns>How it is then, or null where there is no such handler.</returns>
    public async Task<HandlerState?> PauseAsync(string handler, string? by, CancellationToken cancellationToken)
    {
        if (!await IsThereAsync(handler, cancellationToken))
            return null;
        if (await store.AddAsync(handler, by))
            LogPaused(handler, by ?? "somebody");
        await pauses.NowAsync();
        return (await ListAsync(cancellationToken)).FirstOrDefault(one => one.Handler == handler);
    }

    /// <summary>Resumes a handler: the relay sends the events that wait for it.</summary>
    /// <param name="by">Who asks for it, or null where that is not known.</param>
    /// <returns>How it is then, or null where there is no such handler.</returns>
    public async Task<HandlerState?> ResumeAsync(string handler, string? by, CancellationToken cancellationToken)
    {
        if (!await IsThereAsync(handler, cancellationToken))
            return null;
        if (await store.RemoveAsync(handler))
            LogResumed(handler, by ?? "somebody");
        await pauses.NowAsync();
        return StateOf(handler, null);
    }

    private async Task<bool> IsThereAsync(string handler, CancellationToken cancellationToken) =>
        Names.Contains(handler) || (await store.ReadAsync(ReadBudget, cancellationToken)).ContainsKey(handler);

    private HandlerState StateOf(string name, HandlerPause? pause) =>
        new(name, pause is not null, pause?.Since, pause?.By, Names.Contains(name));

    [LoggerMessage(75, LogLevel.Warning, "Handler {Handler} was paused by {Operator}: its events wait until it is resumed.")]
    private partial void LogPaused(string handler, string @operator);

    [LoggerMessage(76, LogLevel.Warning, "Handler {Handler} was resumed by {Operator}.")]
    private partial void LogResumed(string handler, string @operator);
}
