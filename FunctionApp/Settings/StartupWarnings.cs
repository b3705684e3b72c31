using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.Settings;

/// <summary>Settings that may be meant as they are and probably are not: said in the log at start.</summary>
/// <param name="messages">What is said of them; no secret in it.</param>
public sealed partial class StartupWarnings(IReadOnlyList<string> messages, ILogger<StartupWarnings> logger) : IHostedService
{
    /// <summary>What is said of them; no secret in it.</summary>
    public IReadOnlyList<string> Messages => messages;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var message in messages)
            LogWarning(message);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(80, LogLevel.Warning, "A setting may be wrong: {Warning}")]
    private partial void LogWarning(string warning);
}
