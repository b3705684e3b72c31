using Microsoft.Extensions.Logging;
using PointWebhooks.Events;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Handlers;

/// <summary>Writes one structured log line for every event; its count is the metric <c>point.events.handled</c>.</summary>
public sealed partial class LogEventHandler(ILogger<LogEventHandler> logger) : IEventHandler<PointEvent>
{
    /// <inheritdoc/>
    public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        var workspace = (pointEvent as ProvisioningEvent)?.Kind?.Value;
        LogEvent(
            LogText.OneLine(pointEvent.Type),
            LogText.OneLine(context.IdempotencyKey),
            LogText.OneLine(workspace ?? "none"),
            pointEvent.TimeStamp?.Utc);
        return Task.CompletedTask;
    }

    [LoggerMessage(
        20, LogLevel.Information, "Event {EventType} {IdempotencyKey}: workspace kind {WorkspaceKind}, created at {TimeStamp:u}.")]
    private partial void LogEvent(string eventType, string idempotencyKey, string workspaceKind, DateTimeOffset? timeStamp);
}
