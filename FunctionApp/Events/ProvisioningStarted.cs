namespace PointWebhooks.Events;

/// <summary>The provisioning of a workspace has begun.</summary>
public sealed record ProvisioningStarted : ProvisioningEvent
{
    /// <summary>When the workspace was requested.</summary>
    public PointTimestamp? RequestedOn { get; init; }

    /// <summary>The object id, in Entra ID, of whoever requested it.</summary>
    public string? RequesterId { get; init; }
}
