using System.Text.Json.Serialization;

namespace PointWebhooks.Events;

/// <summary>The provisioning of a workspace has failed.</summary>
public sealed record ProvisioningFailed : ProvisioningEvent, IJsonOnDeserialized
{
    // As the vendor's published example spells it.
    private const string CorrelationIdWithSpace = "correlationId ";

    /// <summary>What went wrong, in the vendor's words.</summary>
    public string? Error { get; init; }

    /// <summary>The id to give to the vendor's support; read from <c>correlationId</c> and from <c>"correlationId "</c>.</summary>
    public string? CorrelationId { get; set; }

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (AdditionalProperties?.Remove(CorrelationIdWithSpace, out var spaced) == true)
            CorrelationId ??= spaced.ToString();
    }
}
