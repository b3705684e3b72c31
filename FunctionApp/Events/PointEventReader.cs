namespace PointWebhooks.Events;

/// <summary>Turns a webhook's body into its typed event. Texts that were broken on their way hold U+FFFD where they were.</summary>
public static class PointEventReader
{
    /// <summary>Reads the event of an envelope; null when its type is a documented one and its content is neither an object nor nothing.</summary>
    public static PointEvent? Read(EventEnvelope envelope)
    {
        var content = envelope.Content;
        var isObject = content is null || content.Value.Span[0] == '{';
        if (!isObject && EventTypes.IsDocumented(envelope.Type))
            return null;

        PointEvent pointEvent = envelope.Type switch
        {
            EventTypes.ProvisioningStarted => Started(new ContentProperties(content)),
            EventTypes.ProvisioningCompleted => Completed(new ContentProperties(content)),
            EventTypes.ProvisioningFailed => Failed(new ContentProperties(content)),
            _ => new UnknownEvent { Content = content is { } json ? LenientJson.Element(json) : null },
        };
        return pointEvent with { Type = envelope.Type, TimeStamp = envelope.TimeStamp };
    }

    private static ProvisioningStarted Started(ContentProperties content) => new()
    {
        Name = content.Take("name"),
        Kind = Kind(content),
        RequestedOn = content.Take("requestedOn") is { } time ? PointTimestamp.Parse(time) : null,
        RequesterId = content.Take("requesterId"),
        AdditionalProperties = content.Remaining,
    };

    private static ProvisioningCompleted Completed(ContentProperties content) => new()
    {
        Name = content.Take("name"),
        Kind = Kind(content),
        Url = content.Take("url"),
        MicrosoftId = content.Take("microsoftId"),
        AdditionalProperties = content.Remaining,
    };

    private static ProvisioningFailed Failed(ContentProperties content) => new()
    {
        Name = content.Take("name"),
        Kind = Kind(content),
        Error = content.Take("error"),
        CorrelationId = content.Take("correlationId"),
        AdditionalProperties = content.Remaining,
    };

    private static WorkspaceKind? Kind(ContentProperties content) =>
        content.Take("type") is { } kind ? WorkspaceKind.Parse(kind) : null;
}
