using Microsoft.Extensions.Hosting;

namespace PointWebhooks.Operations;

/// <summary>When this instance started. The host makes it, not whoever asks for it first, which may be hours later.</summary>
internal sealed class InstanceStart(TimeProvider time) : IHostedService
{
    public DateTimeOffset At { get; } = time.GetUtcNow();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
