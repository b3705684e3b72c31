using System.Diagnostics.CodeAnalysis;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Operations;

namespace PointWebhooks.Functions;

/// <summary>Removes what finished longer ago than the retention, every night.</summary>
public sealed class PurgeLedger(RetentionPurge purge)
{
    private const string EveryNight = "0 20 3 * * *";

    /// <summary>Removes what is past its retention.</summary>
    [Function(nameof(PurgeLedger))]
    [SuppressMessage("Style", "IDE0060", Justification = "The trigger is an attribute of a parameter.")]
    public Task RunAsync([TimerTrigger(EveryNight)] TimerInfo timer, CancellationToken cancellationToken) =>
        purge.RunAsync(cancellationToken);
}
