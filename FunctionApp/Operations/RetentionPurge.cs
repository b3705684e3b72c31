using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Ledger;
using PointWebhooks.Settings;

namespace PointWebhooks.Operations;

/// <summary>Applies the retention: what is completed or dead for longer than <c>Ledger:RetentionDays</c> is removed.</summary>
public sealed partial class RetentionPurge(
    LedgerPurge purge, IOptions<LedgerOptions> options, TimeProvider time, ILogger<RetentionPurge> logger)
{
    /// <summary>Removes what is past its retention.</summary>
    public async Task RunAsync(CancellationToken cancellationToken) =>
        LogPurged(
            await purge.RemoveFinishedAsync(time.GetUtcNow() - options.Value.Retention, cancellationToken),
            options.Value.RetentionDays);

    [LoggerMessage(70, LogLevel.Information, "Removed {Count} events that finished more than {Days} days ago.")]
    private partial void LogPurged(int count, int days);
}
