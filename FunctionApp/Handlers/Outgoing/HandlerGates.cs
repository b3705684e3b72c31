using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.Handlers.Outgoing;

/// <summary>The gates of this instance, one before each handler that has limits, and what went through them.</summary>
internal sealed class HandlerGates(TimeProvider time, ILogger<HandlerGate> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<HandlerGate>> gates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Runs> runs = new(StringComparer.Ordinal);

    /// <summary>Runs a handler, behind its gate if it has one.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="handle">Lets it handle an event.</param>
    /// <param name="isWanted">Whether it is to run at all, asked when its turn has come.</param>
    /// <param name="stopping">Cancelled when the handler is to stop.</param>
    /// <returns>Whether it ran.</returns>
    /// <exception cref="TransientFailureException">It may not be called now, or took too long.</exception>
    public async Task<bool> RunAsync(
        HandlerRegistration handler, Func<CancellationToken, Task> handle, Func<Task<bool>> isWanted, CancellationToken stopping)
    {
        var counted = runs.GetOrAdd(handler.Name, _ => new Runs());
        try
        {
            var ran = handler.Limits is { } limits
                ? await gates.GetOrAdd(handler.Name, name => new(() => new HandlerGate(name, limits, time, logger))).Value
                    .RunAsync(handle, stopping, isWanted)
                : await RunWantedAsync(handle, isWanted, stopping);
            if (ran)
                Interlocked.Increment(ref counted.Succeeded);
            return ran;
        }
        catch when (!stopping.IsCancellationRequested)
        {
            Interlocked.Increment(ref counted.Failed);
            throw;
        }
    }

    /// <summary>How a handler has done on this instance.</summary>
    public HandlerHealth HealthOf(HandlerRegistration handler)
    {
        var counted = runs.GetValueOrDefault(handler.Name) ?? new Runs();
        var circuit = handler.Limits is null ? null : gates.TryGetValue(handler.Name, out var gate) ? gate.Value.Circuit : "closed";
        return new HandlerHealth(
            handler.Name, Interlocked.Read(ref counted.Succeeded), Interlocked.Read(ref counted.Failed), circuit);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gate in gates.Values.Where(gate => gate.IsValueCreated))
            gate.Value.Dispose();
    }

    private static async Task<bool> RunWantedAsync(
        Func<CancellationToken, Task> handle, Func<Task<bool>> isWanted, CancellationToken stopping)
    {
        if (!await isWanted())
            return false;
        await handle(stopping);
        return true;
    }

    private sealed class Runs
    {
        public long Succeeded;
        public long Failed;
    }
}
