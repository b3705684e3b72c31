using System.Diagnostics;

namespace PointWebhooks.Telemetry;

/// <summary>
/// The spans of this app, and the trace context it carries through the queue: one webhook is one trace, from its request to its
/// handlers. What is set is set on the span that runs now; when nobody listens, nothing is.
/// </summary>
public static class PointActivity
{
    /// <summary>The name of the app's activity source and meter.</summary>
    public const string SourceName = "PointWebhooks";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The W3C trace context of what runs now, or null.</summary>
    public static string? CurrentTraceParent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    private static Activity? Current => Activity.Current is { } current && current.Source == Source ? current : null;

    /// <summary>Starts the span of receiving a request, inside the one of the function.</summary>
    public static Activity? StartReceiving() => Source.StartActivity(SpanNames.Receive);

    /// <summary>
    /// Starts the span of processing an event, as a part of the trace that brought it, whenever that was. The function that
    /// processes it runs in a trace of its own, which this span links to.
    /// </summary>
    /// <param name="traceParent">The W3C trace context of the request that brought the event, or null.</param>
    public static Activity? StartProcessing(string eventType, string idempotencyKey, string? traceParent)
    {
        var activity = ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Source.StartActivity(
                SpanNames.Process,
                ActivityKind.Consumer,
                parent,
                links: Activity.Current is { } invocation ? [new(invocation.Context)] : null)
            : Source.StartActivity(SpanNames.Process, ActivityKind.Consumer);
        SetEvent(eventType, idempotencyKey);
        return activity;
    }

    /// <summary>Runs one handler in a span of its own.</summary>
    /// <param name="handle">Runs it, and says whether it ran.</param>
    /// <param name="stopping">Cancelled when the handler is to stop: then stopping is no failure.</param>
    /// <returns>Whether it ran.</returns>
    public static async Task<bool> RunHandlerAsync(string handler, Func<Task<bool>> handle, CancellationToken stopping)
    {
        using var activity = Source.StartActivity(SpanNames.Handle);
        activity?.SetTag(SpanTags.Handler, handler);
        try
        {
            var ran = await handle();
            SetOutcome(ran ? SpanOutcome.Done : SpanOutcome.Waiting);
            return ran;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            SetOutcome(SpanOutcome.Cancelled);
            throw;
        }
        catch (Exception e)
        {
            // The type alone: a message may quote what was sent or asked.
            activity?.SetTag(SpanTags.ErrorType, e.GetType().FullName);
            SetOutcome(SpanOutcome.Failed);
            throw;
        }
    }

    /// <summary>Says which event it is; only of an authentic one.</summary>
    public static void SetEvent(string eventType, string idempotencyKey) =>
        Current?.SetTag(SpanTags.EventType, LogText.OneLine(eventType)).SetTag(SpanTags.IdempotencyKey, LogText.OneLine(idempotencyKey));

    /// <summary>Has no span exported that runs now in this process: what anybody can cause must not use up the daily cap of telemetry.</summary>
    public static void Discard()
    {
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    /// <summary>Says how it ended.</summary>
    public static void SetOutcome(string outcome)
    {
        Current?.SetTag(SpanTags.Outcome, outcome);
        if (SpanOutcome.IsError(outcome))
            Current?.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Says that a request was refused, and why; an error when that was this app's fault.</summary>
    public static void SetRefused(string reason, bool isError)
    {
        Current?.SetTag(SpanTags.Reason, reason);
        SetOutcome(SpanOutcome.Refused);
        if (isError)
            Current?.SetStatus(ActivityStatusCode.Error);
    }
}
