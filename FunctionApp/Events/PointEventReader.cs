using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PointWebhooks.Events;

/// <summary>Turns a webhook's body into its typed event.</summary>
public static class PointEventReader
{
    /// <summary>Reads the body of an event.</summary>
    /// <exception cref="JsonException">The type is a documented one and its content is not a JSON object.</exception>
    public static PointEvent Read(ReadOnlyMemory<byte> body)
    {
        var envelope = EventEnvelope.Parse(body);
        PointEvent pointEvent = envelope.Type switch
        {
            EventTypes.ProvisioningStarted => Content(envelope, EventsJsonContext.Default.ProvisioningStarted),
            EventTypes.ProvisioningCompleted => Content(envelope, EventsJsonContext.Default.ProvisioningCompleted),
            EventTypes.ProvisioningFailed => Content(envelope, EventsJsonContext.Default.ProvisioningFailed),
            _ => new UnknownEvent { Content = envelope.Content },
        };
        return pointEvent with { Type = envelope.Type, TimeStamp = envelope.TimeStamp };
    }

    private static TEvent Content<TEvent>(EventEnvelope envelope, JsonTypeInfo<TEvent> typeInfo)
        where TEvent : PointEvent, new() =>
        envelope.Content is { ValueKind: not JsonValueKind.Null } content
            ? content.Deserialize(typeInfo) ?? new TEvent()
            : new TEvent();
}
