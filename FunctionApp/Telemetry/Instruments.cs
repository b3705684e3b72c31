using System.Diagnostics.Metrics;

namespace PointWebhooks.Telemetry;

/// <summary>The metrics of this app, on the meter <see cref="PointActivity.SourceName"/>.</summary>
public sealed class Instruments
{
    private readonly Counter<long> received;
    private readonly Counter<long> duplicates;
    private readonly Counter<long> refused;
    private readonly Counter<long> handled;
    private readonly Counter<long> failures;
    private readonly Histogram<double> timeToCompletion;

    /// <summary>Creates the instruments.</summary>
    public Instruments(IMeterFactory meters)
    {
        var meter = meters.Create(PointActivity.SourceName);
        received = meter.CreateCounter<long>("point.events.received", "{event}", "New events that were accepted.");
        duplicates = meter.CreateCounter<long>("point.events.duplicates", "{event}", "Events that had been accepted before.");
        refused = meter.CreateCounter<long>("point.requests.refused", "{request}", "Requests that were refused, by reason.");
        handled = meter.CreateCounter<long>("point.events.handled", "{event}", "Events that a handler has finished, by handler.");
        failures = meter.CreateCounter<long>("point.handler.failures", "{attempt}", "Attempts of a handler that failed, by handler.");
        timeToCompletion = meter.CreateHistogram<double>("point.events.time_to_completion", "s", "Time from receipt to completion.");
    }

    /// <summary>Counts a new event.</summary>
    public void Received(string eventType) => received.Add(1, Type(eventType));

    /// <summary>Counts a duplicate.</summary>
    public void Duplicate(string eventType) => duplicates.Add(1, Type(eventType));

    /// <summary>Counts a refused request.</summary>
    public void Refused(string reason) => refused.Add(1, KeyValuePair.Create<string, object?>("reason", reason));

    /// <summary>Counts an event that a handler has finished.</summary>
    public void Handled(string eventType, string handler) => handled.Add(1, Type(eventType), Handler(handler));

    /// <summary>Counts a failed attempt of a handler.</summary>
    public void HandlerFailed(string eventType, string handler) => failures.Add(1, Type(eventType), Handler(handler));

    /// <summary>Records how long an event took from receipt to completion.</summary>
    public void Completed(string eventType, TimeSpan duration) => timeToCompletion.Record(duration.TotalSeconds, Type(eventType));

    private static KeyValuePair<string, object?> Type(string eventType) => new("type", eventType);

    private static KeyValuePair<string, object?> Handler(string handler) => new("handler", handler);
}
