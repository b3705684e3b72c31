using System.Text;
using Azure.Messaging;
using PointWebhooks.Events;

namespace PointWebhooks.Handlers.CloudEvents;

/// <summary>
/// An event as a CloudEvent 1.0: <c>id</c> is the event's id, <c>source</c> the address of Syskit Point, <c>subject</c> the name of the
/// workspace, <c>data</c> the content as received.
/// </summary>
internal static class PointCloudEvent
{
    /// <summary>What types begin with, as the specification advises: a domain of whoever defines the event.</summary>
    public const string TypePrefix = "com.syskit.point.";

    /// <summary>The extension attribute that holds the vendor's key.</summary>
    public const string KeyAttribute = "idempotencykey";

    /// <param name="source">The address of Syskit Point.</param>
    public static CloudEvent Of(PointEvent pointEvent, EventContext context, string source)
    {
        var content = EventEnvelope.Parse(context.Body).Content;
        var type = TypeOf(pointEvent.Type);
        var made = pointEvent.Type == EventTypes.Unreadable
            ? new CloudEvent(source, type, new BinaryData(context.Body), "application/octet-stream", CloudEventDataFormat.Binary)
            : new CloudEvent(source, type, Data(content), "application/json", CloudEventDataFormat.Json);
        made.Id = context.EventId;
        made.Time = pointEvent.TimeStamp?.Utc ?? context.ReceivedAt;
        if (Text((pointEvent as ProvisioningEvent)?.Name) is { Length: > 0 } name)
            made.Subject = name;
        made.ExtensionAttributes[KeyAttribute] = Text(context.IdempotencyKey);
        return made;
    }

    /// <summary>
    /// The type of a CloudEvent: <c>com.syskit.point.provisioning.completed</c> for <c>ProvisioningCompleted</c>. What is neither a letter
    /// nor a digit in a type that is not documented becomes a dash.
    /// </summary>
    public static string TypeOf(string eventType)
    {
        var type = new StringBuilder(TypePrefix);
        for (var i = 0; i < eventType.Length; i++)
        {
            var c = eventType[i];
            if (i > 0 && char.IsAsciiLetterUpper(c) && char.IsAsciiLetterLower(eventType[i - 1]))
                type.Append('.');
            type.Append(char.IsAsciiLetterOrDigit(c) || c == '.' ? char.ToLowerInvariant(c) : '-');
        }

        return type.ToString();
    }

    private static BinaryData? Data(ReadOnlyMemory<byte>? content) =>
        content is { } json ? BinaryData.FromString(LenientJson.Element(json).GetRawText()) : null;

    // The specification allows no control characters in a text.
    private static string Text(string? text) => string.Concat((text ?? "").Select(c => char.IsControl(c) ? ' ' : c)).Trim();
}
