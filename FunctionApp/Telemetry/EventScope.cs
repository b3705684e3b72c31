using Microsoft.Extensions.Logging;

namespace PointWebhooks.Telemetry;

/// <summary>The log scope of one event.</summary>
public static class EventScope
{
    /// <summary>Adds the event's type and idempotency key to every log entry until disposed.</summary>
    public static IDisposable? BeginEventScope(this ILogger logger, string eventType, string idempotencyKey) =>
        logger.BeginScope(new Dictionary<string, object> { ["EventType"] = eventType, ["IdempotencyKey"] = idempotencyKey });
}
