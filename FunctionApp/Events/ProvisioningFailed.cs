namespace PointWebhooks.Events;

/// <summary>The provisioning of a workspace has failed.</summary>
public sealed record ProvisioningFailed : ProvisioningEvent
{
    /// <summary>What went wrong, in the vendor's words.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// The id to give to the vendor's support; read from <c>correlationId</c> and from <c>"correlationId "</c>, as the vendor's
    /// published example spells it.
    /// </summary>
    public string? CorrelationId { get; init; }
}
