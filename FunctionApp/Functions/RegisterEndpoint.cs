using System.Diagnostics.CodeAnalysis;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Registration;

namespace PointWebhooks.Functions;

/// <summary>Keeps the endpoint registered with Syskit Point, every hour.</summary>
public sealed class RegisterEndpoint(RegistrationRun registration)
{
    // A constant: a schedule in a setting that someone forgets to set keeps the function from loading, silently.
    private const string EveryHour = "0 7 * * * *";

    /// <summary>Registers the endpoint if it is missing, and mends what has changed.</summary>
    [Function(nameof(RegisterEndpoint))]
    [SuppressMessage("Style", "IDE0060", Justification = "The trigger is an attribute of a parameter.")]
    public Task RunAsync([TimerTrigger(EveryHour)] TimerInfo timer, CancellationToken cancellationToken) =>
        registration.RunAsync(cancellationToken);
}
