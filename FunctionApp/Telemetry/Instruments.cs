using System.Diagnostics.Metrics;

namespace PointWebhooks.Telemetry;

/// <summary>The metrics of this app, on the meter <see cref="PointActivity.SourceName"/>.</summary>
public sealed class Instruments
{
    // From an event that is done at once to one that waited out a day of retries: the default boundaries are of milliseconds.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 21600, 43200, 86400],
    };

    private readonly Counter<long> received;
    private readonly Counter<long> duplicates;
    private readonly Counter<long> refused;
    private readonly Counter<long> handled;
    private readonly Counter<long> failures;
    private readonly Counter<long> retried;
    private readonly Counter<long> dead;
    private readonly Counter<long> relayed;
    private readonly Counter<long> quarantined;
    private readonly Counter<long> settled;
    private readonly Counter<long> registrations;
    private readonly Gauge<long> open;
    private readonly Gauge<double> oldestOpenAge;
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
        retried = meter.CreateCounter<long>("point.events.retried", "{event}", "Failed attempts that another one follows.");
        dead = meter.CreateCounter<long>("point.events.dead", "{event}", "Events that were given up on.");
        relayed = meter.CreateCounter<long>("point.events.relayed", "{event}", "Overdue events that were sent to their queue again.");
        quarantined = meter.CreateCounter<long>(
            "point.events.quarantined", "{event}", "Events that were kept unverified, for want of the signature key.");
        settled = meter.CreateCounter<long>(
            "point.quarantine.settled", "{event}", "Events that left the quarantine, by result: admitted, duplicate or refused.");
        registrations = meter.CreateCounter<long>(
            "point.registration.runs", "{run}", "Runs of the registration, by result: in-place, registered, repaired or failed.");
        open = meter.CreateGauge<long>("point.events.open", "{event}", "Events that are not finished, as of the last sweep of the relay.");
        oldestOpenAge = meter.CreateGauge<double>(
            "point.events.oldest_open_age", "s", "Time since the receipt of the oldest event that is not finished; 0 when there is none.");
        timeToCompletion = meter.CreateHistogram<double>(
            "point.events.time_to_completion", "s", "Time from receipt to completion.", advice: Seconds);
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

    /// <summary>Counts a failed attempt that another one follows.</summary>
    public void Retried(string eventType) => retried.Add(1, Type(eventType));

    /// <summary>Counts an event that was given up on.</summary>
    public void Dead(string eventType) => dead.Add(1, Type(eventType));

    /// <summary>Counts an overdue event that was sent again.</summary>
    public void Relayed(string eventType) => relayed.Add(1, Type(eventType));

    /// <summary>Counts an event that was kept unverified.</summary>
    public void Quarantined() => quarantined.Add(1);

    /// <summary>Counts an event that left the quarantine.</summary>
    public void Settled(string result) => settled.Add(1, Result(result));

    /// <summary>Counts a run of the registration.</summary>
    public void Registration(string result) => registrations.Add(1, Result(result));

    /// <summary>Records how many events are open, and how old the oldest is.</summary>
    public void Open(long count, TimeSpan oldestAge)
    {
        open.Record(count);
        oldestOpenAge.Record(oldestAge.TotalSeconds);
    }

    /// <summary>Records how long an event took from receipt to completion.</summary>
    public void Completed(string eventType, TimeSpan duration) => timeToCompletion.Record(duration.TotalSeconds, Type(eventType));

    private static KeyValuePair<string, object?> Type(string eventType) => new("type", eventType);

    private static KeyValuePair<string, object?> Result(string result) => new("result", result);

    private static KeyValuePair<string, object?> Handler(string handler) => new("handler", handler);
}
