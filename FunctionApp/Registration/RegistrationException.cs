namespace PointWebhooks.Registration;

/// <summary>The endpoint is not registered as it should be. The message is written for an operator; no secret in it.</summary>
/// <param name="message">What is wrong and what to do about it.</param>
/// <param name="isMissing">Whether the endpoint is known not to be registered, rather than registered wrongly.</param>
/// <param name="ineffectiveRepair">What was repaired without effect, where that is what is wrong.</param>
internal sealed class RegistrationException(string message, bool isMissing, string? ineffectiveRepair = null, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>Whether the endpoint is known not to be registered.</summary>
    public bool IsMissing { get; } = isMissing;

    /// <summary>What was repaired without effect, or null.</summary>
    public string? IneffectiveRepair { get; } = ineffectiveRepair;

    /// <summary>What was accepted is not there.</summary>
    public static RegistrationException NotListed() =>
        new("Syskit Point accepted the registration of the endpoint but does not list it.", isMissing: true);
}
