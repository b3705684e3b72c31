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

        return envelope.Type switch
        {
            EventTypes.ProvisioningStarted => Started(envelope, Properties(content)),
            EventTypes.ProvisioningCompleted => Completed(envelope, Properties(content)),
            EventTypes.ProvisioningFailed => Failed(envelope, Properties(content)),
            _ => new UnknownEvent
            {
                Type = envelope.Type,
                TimeStamp = envelope.TimeStamp,
                Content = content is { } json ? LenientJson.Element(json) : null,
            },
        };
    }

    private static ProvisioningStarted Started(EventEnvelope envelope, JsonProperties content) => new()
    {
        Type = envelope.Type,
        TimeStamp = envelope.TimeStamp,
        Name = content.TakeText("name"u8),
        Kind = Kind(content),
        RequestedOn = content.TakeText("requestedOn"u8) is { } time ? PointTimestamp.Parse(time) : null,
        RequesterId = content.TakeText("requesterId"u8),
        AdditionalProperties = content.Remaining,
    };

    private static ProvisioningCompleted Completed(EventEnvelope envelope, JsonProperties content) => new()
    {
        Type = envelope.Type,
        TimeStamp = envelope.TimeStamp,
        Name = content.TakeText("name"u8),
        Kind = Kind(content),
        Url = content.TakeText("url"u8),
        MicrosoftId = content.TakeText("microsoftId"u8),
        AdditionalProperties = content.Remaining,
    };

    private static ProvisioningFailed Failed(EventEnvelope envelope, JsonProperties content) => new()
    {
        Type = envelope.Type,
        TimeStamp = envelope.TimeStamp,
        Name = content.TakeText("name"u8),
        Kind = Kind(content),
        Error = content.TakeText("error"u8),
        CorrelationId = content.TakeText("correlationId"u8),
        AdditionalProperties = content.Remaining,
    };

    private static WorkspaceKind? Kind(JsonProperties content) =>
        content.TakeText("type"u8) is { } kind ? WorkspaceKind.Parse(kind) : null;

    private static JsonProperties Properties(ReadOnlyMemory<byte>? content) => JsonProperties.Of(content ?? default);
}
