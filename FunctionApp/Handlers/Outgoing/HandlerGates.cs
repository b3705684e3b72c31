using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.Handlers.Outgoing;

/// <summary>The gates of this instance, one before each handler that has limits.</summary>
internal sealed class HandlerGates(TimeProvider time, ILogger<HandlerGate> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<HandlerGate>> gates = new(StringComparer.Ordinal);

    /// <summary>Runs a handler, behind its gate if it has one.</summary>
    /// <exception cref="TransientFailureException">It may not be called now, or took too long.</exception>
    public Task RunAsync(HandlerRegistration handler, Func<CancellationToken, Task> handle, CancellationToken stopping) =>
        handler.Limits is { } limits
            ? gates.GetOrAdd(handler.Name, name => new(() => new HandlerGate(name, limits, time, logger))).Value.RunAsync(handle, stopping)
            : handle(stopping);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gate in gates.Values.Where(gate => gate.IsValueCreated))
            gate.Value.Dispose();
    }
}
