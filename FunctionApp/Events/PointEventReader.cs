using System.Text.Json;

namespace PointWebhooks.Events;

/// <summary>Turns a webhook's body into its typed event. Texts that were broken on their way hold U+FFFD where they were.</summary>
public static class PointEventReader
{
    /// <summary>Reads the body of an event.</summary>
    /// <exception cref="JsonException">
    /// The type is a documented one and its content is neither an object nor nothing. The message quotes nothing of it.
    /// </exception>
    public static PointEvent Read(ReadOnlyMemory<byte> body)
    {
        var envelope = EventEnvelope.Parse(body);
        var content = envelope.Content;
        PointEvent pointEvent = envelope.Type switch
        {
            EventTypes.ProvisioningStarted => Started(Properties(content)),
            EventTypes.ProvisioningCompleted => Completed(Properties(content)),
            EventTypes.ProvisioningFailed => Failed(Properties(content)),
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

    private static ContentProperties Properties(ReadOnlyMemory<byte>? content) => content is null || content.Value.Span[0] == '{'
        ? new ContentProperties(content)
        : throw new JsonException("The content is not a JSON object.");
}
