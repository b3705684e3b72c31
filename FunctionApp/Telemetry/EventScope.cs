using Microsoft.Extensions.Logging;

namespace PointWebhooks.Telemetry;

internal static class EventScope
{
    /// <summary>Adds the event's id, type and idempotency key to every log entry until disposed.</summary>
    public static IDisposable? BeginEventScope(this ILogger logger, string eventId, string eventType, string idempotencyKey) =>
        logger.BeginScope(new Dictionary<string, object>
        {
            ["PointEvent"] = eventId,
            ["EventType"] = LogText.OneLine(eventType),
            ["IdempotencyKey"] = LogText.OneLine(idempotencyKey),
        });
}
