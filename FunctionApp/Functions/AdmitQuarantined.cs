using System.Diagnostics.CodeAnalysis;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Receiving;

namespace PointWebhooks.Functions;

/// <summary>Verifies the requests that came while the signature key was not to be had, every minute.</summary>
public sealed class AdmitQuarantined(QuarantineAdmission admission)
{
    private const string EveryMinute = "30 * * * * *";

    /// <summary>Settles what is in quarantine.</summary>
    [Function(nameof(AdmitQuarantined))]
    [SuppressMessage("Style", "IDE0060", Justification = "The trigger is an attribute of a parameter.")]
    public Task RunAsync([TimerTrigger(EveryMinute)] TimerInfo timer, CancellationToken cancellationToken) =>
        admission.RunAsync(cancellationToken);
}
