namespace PointWebhooks.Events;

/// <summary>What the provisioning events have in common: the workspace they speak of.</summary>
public abstract record ProvisioningEvent : PointEvent
{
    /// <summary>The workspace's name.</summary>
    public string? Name { get; init; }

    /// <summary>The kind of workspace (<c>content.type</c>).</summary>
    public WorkspaceKind? Kind { get; init; }
}
