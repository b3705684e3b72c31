using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using PointWebhooks.Events;
using PointWebhooks.Handlers.CloudEvents;

namespace PointWebhooks.Handlers.ServiceBus;

/// <summary>
/// Makes messages of Service Bus: a structured CloudEvent, as its AMQP binding has it. <c>MessageId</c> is the event's id, by which a
/// queue or topic with duplicate detection drops a repetition.
/// </summary>
internal static class EventMessages
{
    private const int LongestSessionId = 128;

    /// <param name="hasSessions">Whether the events of a workspace are one session, and so stay in order.</param>
    /// <param name="source">The address of Syskit Point.</param>
    public static ServiceBusMessage Of(PointEvent pointEvent, EventContext context, bool hasSessions, string source)
    {
        var cloudEvent = PointCloudEvent.Of(pointEvent, context, source);
        var message = new ServiceBusMessage(new BinaryData(JsonSerializer.SerializeToUtf8Bytes(cloudEvent)))
        {
            MessageId = context.EventId,
            ContentType = "application/cloudevents+json; charset=utf-8",
            Subject = cloudEvent.Type,
        };
        // For the filters of subscriptions, which do not read bodies.
        message.ApplicationProperties["type"] = pointEvent.Type;
        if (pointEvent is ProvisioningEvent { Kind: { } kind })
            message.ApplicationProperties["kind"] = kind.Value;
        if (hasSessions)
            message.SessionId = SessionOf(pointEvent, context);
        return message;
    }

    // Only the name is in all events of a workspace.
    private static string SessionOf(PointEvent pointEvent, EventContext context)
    {
        if ((pointEvent as ProvisioningEvent)?.Name?.Trim().ToLowerInvariant() is not { Length: > 0 } name)
            return context.EventId;
        return name.Length <= LongestSessionId ? name : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
    }
}
