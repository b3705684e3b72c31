namespace PointWebhooks.Events;

/// <summary>A workspace has been provisioned.</summary>
public sealed record ProvisioningCompleted : ProvisioningEvent
{
    /// <summary>The workspace's address.</summary>
    public string? Url { get; init; }

    /// <summary>The workspace's id in Microsoft 365.</summary>
    public string? MicrosoftId { get; init; }
}
