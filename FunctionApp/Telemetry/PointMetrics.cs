using System.Diagnostics.Metrics;
using PointWebhooks.Events;

namespace PointWebhooks.Telemetry;

/// <summary>The metrics of this app, on the meter <see cref="PointActivity.SourceName"/>.</summary>
internal sealed class PointMetrics
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
    private readonly Counter<long> died;
    private readonly Counter<long> relayed;
    private readonly Counter<long> kept;
    private readonly Counter<long> leftQuarantine;
    private readonly Counter<long> unknown;
    private readonly Counter<long> unreadable;
    private readonly Counter<long> registrations;
    private readonly Gauge<long> open;
    private readonly Gauge<long> dead;
    private readonly Gauge<long> waiting;
    private readonly Gauge<long> paused;
    private readonly Gauge<long> quarantined;
    private readonly Gauge<long> unverified;
    private readonly Gauge<long> poison;
    private readonly Gauge<double> oldestOpenAge;
    private readonly Histogram<double> timeToCompletion;

    public PointMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(PointActivity.SourceName);
        received = meter.CreateCounter<long>("point.events.received", "{event}", "New events that were accepted.");
        duplicates = meter.CreateCounter<long>("point.events.duplicates", "{event}", "Events that had been accepted before.");
        refused = meter.CreateCounter<long>("point.requests.refused", "{request}", "Requests that were refused, by reason.");
        handled = meter.CreateCounter<long>("point.events.handled", "{event}", "Events that a handler has finished, by handler.");
        failures = meter.CreateCounter<long>("point.handler.failures", "{attempt}", "Attempts of a handler that failed, by handler.");
        retried = meter.CreateCounter<long>("point.events.retried", "{event}", "Failed attempts that another one follows.");
        died = meter.CreateCounter<long>("point.events.died", "{event}", "Events that were given up on, but for those that an operator gave up.");
        relayed = meter.CreateCounter<long>("point.events.relayed", "{event}", "Overdue events that were sent to their queue again.");
        kept = meter.CreateCounter<long>(
            "point.quarantine.kept", "{request}", "Requests that were kept unread, because the signature key was unavailable.");
        leftQuarantine = meter.CreateCounter<long>(
            "point.quarantine.processed",
            "{request}",
            "Requests that left the quarantine, by result: accepted, duplicate, unverified or discarded.");
        unknown = meter.CreateCounter<long>(
            "point.events.unknown", "{message}", "Messages that name an event which the ledger does not have.");
        unreadable = meter.CreateCounter<long>(
            "point.ledger.unreadable_rows", "{row}", "Rows of the ledger that this version cannot read, each once an instance.");
        registrations = meter.CreateCounter<long>(
            "point.registration.runs", "{run}", "Runs of the registration, by result: in-place, registered, repaired or failed.");
        open = meter.CreateGauge<long>("point.events.open", "{event}", "Events that are not finished, as of the last sweep of the relay.");
        dead = meter.CreateGauge<long>("point.events.dead", "{event}", "Events that are dead, as of the last sweep of the relay.");
        waiting = meter.CreateGauge<long>(
            "point.events.waiting", "{event}", "Open events that wait for a paused handler, as of the last sweep of the relay.");
        paused = meter.CreateGauge<long>(
            "point.handlers.paused", "{handler}", "Handlers that operators have paused, as of the last sweep of the relay.");
        quarantined = meter.CreateGauge<long>(
            "point.requests.quarantined", "{request}", "Requests that wait for the signature key, as of the last minute.");
        unverified = meter.CreateGauge<long>(
            "point.requests.unverified", "{request}", "Kept requests that no signature key verifies, as of the last minute.");
        poison = meter.CreateGauge<long>(
            "point.messages.poison", "{message}", "Messages that the host had given up on, found by the last sweep of the relay.");
        oldestOpenAge = meter.CreateGauge<double>(
            "point.events.oldest_open_age",
            "s",
            "Time since the receipt of the oldest event that is not finished and waits for no paused handler; 0 when there is none.");
        timeToCompletion = meter.CreateHistogram<double>(
            "point.events.time_to_completion", "s", "Time from receipt to completion.", advice: Seconds);
    }

    /// <summary>Counts a new event.</summary>
    public void Received(string eventType) => received.Add(1, Type(eventType));

    /// <summary>Counts a duplicate, and whether its body was another one.</summary>
    public void Duplicate(string eventType, bool isOtherBody) =>
        duplicates.Add(1, Type(eventType), new("body", isOtherBody ? "other" : "same"));

    /// <summary>Counts a refused request.</summary>
    public void Refused(string reason) => refused.Add(1, KeyValuePair.Create<string, object?>("reason", reason));

    /// <summary>Counts an event that a handler has finished.</summary>
    public void Handled(string eventType, string handler) => handled.Add(1, Type(eventType), Handler(handler));

    /// <summary>Counts a failed attempt of a handler.</summary>
    public void HandlerFailed(string eventType, string handler) => failures.Add(1, Type(eventType), Handler(handler));

    /// <summary>Counts a failed attempt that another one follows.</summary>
    public void Retried(string eventType) => retried.Add(1, Type(eventType));

    /// <summary>Counts an event that was given up on.</summary>
    public void Dead(string eventType) => died.Add(1, Type(eventType));

    /// <summary>Counts an overdue event that was sent again.</summary>
    public void Relayed(string eventType) => relayed.Add(1, Type(eventType));

    /// <summary>Counts a request that was kept unread.</summary>
    public void Kept() => kept.Add(1);

    /// <summary>Counts a message that names an unknown event.</summary>
    public void UnknownEvent() => unknown.Add(1);

    /// <summary>Counts a row that this version cannot read.</summary>
    public void UnreadableRow() => unreadable.Add(1);

    /// <summary>Counts a request that left the quarantine.</summary>
    public void LeftQuarantine(string result) => leftQuarantine.Add(1, Result(result));

    /// <summary>Counts a run of the registration.</summary>
    public void Registration(string result) => registrations.Add(1, Result(result));

    /// <summary>Records how many events are open, and how old the oldest is that waits for no paused handler.</summary>
    public void Open(long count, TimeSpan oldestAge)
    {
        open.Record(count);
        oldestOpenAge.Record(oldestAge.TotalSeconds);
    }

    /// <summary>Records how many handlers are paused, and how many events wait for one.</summary>
    public void Paused(int handlers, int events)
    {
        paused.Record(handlers);
        waiting.Record(events);
    }

    /// <summary>Records how many events are dead.</summary>
    public void DeadNow(long count) => dead.Record(count);

    /// <summary>Records how many requests wait in the quarantine, and how many no key verifies.</summary>
    public void QuarantineNow(int waiting, int notVerified)
    {
        quarantined.Record(waiting);
        unverified.Record(notVerified);
    }

    /// <summary>Records how many poison messages were found.</summary>
    public void Poison(int count) => poison.Record(count);

    /// <summary>Records how long an event took from receipt to completion.</summary>
    public void Completed(string eventType, TimeSpan duration) => timeToCompletion.Record(duration.TotalSeconds, Type(eventType));

    // A sender chooses the type: other values than the documented ones would make series without end.
    private static KeyValuePair<string, object?> Type(string eventType) => new("type", EventTypes.IsDocumented(eventType) ? eventType : "other");

    private static KeyValuePair<string, object?> Result(string result) => new("result", result);

    private static KeyValuePair<string, object?> Handler(string handler) => new("handler", handler);
}
