using System.Diagnostics.CodeAnalysis;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Processing;

namespace PointWebhooks.Functions;

/// <summary>Sends open events that are overdue to their queue again, every minute.</summary>
public sealed class RelayEvents(EventRelay relay)
{
    private const string EveryMinute = "0 * * * * *";

    /// <summary>Sweeps once.</summary>
    [Function(nameof(RelayEvents))]
    [SuppressMessage("Style", "IDE0060", Justification = "The trigger is an attribute of a parameter.")]
    public Task RunAsync([TimerTrigger(EveryMinute)] TimerInfo timer, CancellationToken cancellationToken) =>
        relay.SweepAsync(cancellationToken);
}
