using System.Diagnostics;

namespace PointWebhooks.Telemetry;

/// <summary>The spans of this app, and the trace context it carries through the queue.</summary>
public static class PointActivity
{
    /// <summary>The name of the app's activity source and meter.</summary>
    public const string SourceName = "PointWebhooks";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The W3C trace context of what runs now, or null.</summary>
    public static string? CurrentTraceParent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Starts the span of processing an event, as a part of the trace that brought it.</summary>
    public static Activity? StartProcessing(string eventType, string idempotencyKey, string? traceParent)
    {
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent);
        var activity = Source.StartActivity("process event", ActivityKind.Consumer, parent);
        activity?.SetTag("point.event.type", eventType);
        activity?.SetTag("point.event.idempotency_key", idempotencyKey);
        return activity;
    }
}
