using System.Globalization;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>One step of an event's life, in words.</summary>
/// <param name="Title">What happened.</param>
/// <param name="Detail">More of it: an error, or what a handler did; or null.</param>
/// <param name="Link">Where that can be seen, or null.</param>
/// <param name="By">The instance that did it, or the operator; or null where that is not known.</param>
/// <param name="Took">How long it took, in milliseconds, or null.</param>
/// <param name="IsFailure">Whether something failed.</param>
internal sealed record TimelineStep(
    DateTimeOffset At,
    string Title,
    string? Detail = null,
    string? Link = null,
    string? By = null,
    long? Took = null,
    bool IsFailure = false);

/// <summary>How one handler stands with an event.</summary>
/// <param name="State"><c>finished</c>, <c>gave up</c>, <c>paused</c> or <c>not finished</c>.</param>
/// <param name="Last">What it did or said last, or null.</param>
internal sealed record HandlerStanding(string Name, string State, TimelineStep? Last);

/// <summary>Tells the history of an event, which is kept for programs, in words.</summary>
internal static class EventTimeline
{
    /// <summary>Its steps, oldest first.</summary>
    public static IReadOnlyList<TimelineStep> Of(LedgerEvent found)
    {
        var steps = new List<TimelineStep>();
        var (attempt, begun) = (0, (DateTimeOffset?)null);
        foreach (var entry in found.History)
        {
            if (entry is { State: EventState.Received, Detail: { } again } && again.StartsWith("replayed", StringComparison.Ordinal))
                attempt = 0;
            // Nothing failed, so the next one has the same number.
            if (WaitStep.HandlersOf(entry) is not null && attempt > 0)
                attempt--;
            if (entry is { State: EventState.Processing, Detail: null })
                (attempt, begun) = (attempt + 1, entry.At);
            // The middle of a very long history is missing, and with it the count.
            var name = found.History.Length < LedgerEvent.MaxHistory
                ? string.Create(CultureInfo.InvariantCulture, $"Attempt {attempt}")
                : "An attempt";
            steps.Add(Step(entry, name, entry.At - begun));
        }

        return steps;
    }

    /// <summary>How the handlers stand: those that handle it, and others of its history.</summary>
    public static IReadOnlyList<HandlerStanding> Standings(LedgerEvent found, IEnumerable<string> handlers) =>
    [
        .. handlers.Concat(found.Done).Concat(found.GivenUp).Distinct(StringComparer.Ordinal).Select(name => new HandlerStanding(
            name,
            found.Done.Contains(name) ? "finished" : found.GivenUp.Contains(name) ? "gave up"
                : found.WaitsFor.Contains(name) ? "paused" : "not finished",
            LastOf(found, name))),
    ];

    private static TimelineStep Step(HistoryEntry entry, string attempt, TimeSpan? sinceBegun) => entry switch
    {
        { State: EventState.Received, Detail: null } => Titled(entry, "Received, kept and queued"),
        _ when WaitStep.HandlersOf(entry) is { } paused => Titled(
            entry, $"Waits for {string.Join(", ", paused)}, which {(paused.Count == 1 ? "is" : "are")} paused"),
        { State: EventState.Received, Detail: "released" } => Titled(entry, "Given back at a shutdown"),
        { State: EventState.Retrying, Detail: "released" } => Titled(entry, "Given back at a shutdown"),
        { State: EventState.Processing, Detail: null } => Titled(entry, $"{attempt} began"),
        { State: EventState.Processing, Detail: { } said } => OfHandler(entry, said),
        { State: EventState.Retrying } when IsNote(entry) => Titled(entry, Capital(entry.Detail!)),
        { State: EventState.Retrying } => Failed(entry, $"{attempt} failed", entry.Detail, (long?)sinceBegun?.TotalMilliseconds),
        { State: EventState.Dead, Detail: "given up on request" } => Titled(entry, "Given up on request"),
        { State: EventState.Dead } when IsNote(entry) => Titled(entry, Capital(entry.Detail!)),
        { State: EventState.Dead } => Failed(entry, $"{attempt} failed: dead", entry.Detail, (long?)sinceBegun?.TotalMilliseconds),
        { State: EventState.Completed, Detail: null } => Titled(entry, "Completed"),
        _ => Titled(entry, Capital(entry.Detail ?? entry.State.ToString())),
    };

    // What was noted while the event stood where it stands, and no step of its own.
    private static bool IsNote(HistoryEntry entry) =>
        entry.Detail is { } detail
        && (detail.StartsWith("sent again with another body", StringComparison.Ordinal)
            || detail.StartsWith("overdue, ", StringComparison.Ordinal));

    private static TimelineStep OfHandler(HistoryEntry entry, string said)
    {
        if (GaveUpStep.Read(entry) is { } gaveUp)
            return Failed(entry, $"{gaveUp.Handler} gave up", gaveUp.Error, entry.Took);
        var end = said.IndexOf(": ", StringComparison.Ordinal);
        return end < 0
            ? new(entry.At, $"{said} finished", null, entry.Link, entry.By, entry.Took)
            : new(entry.At, $"{said[..end]} finished", said[(end + 2)..], entry.Link, entry.By, entry.Took);
    }

    private static TimelineStep? LastOf(LedgerEvent found, string handler) =>
        found.History.LastOrDefault(entry => entry is { State: EventState.Processing, Detail: { } said }
            && (said == handler
                || said.StartsWith(handler + ": ", StringComparison.Ordinal)
                || GaveUpStep.Read(entry)?.Handler == handler))
            is { } last ? OfHandler(last, last.Detail!) : null;

    private static TimelineStep Failed(HistoryEntry entry, string title, string? detail, long? took) =>
        new(entry.At, title, detail, entry.Link, entry.By, took, IsFailure: true);

    private static TimelineStep Titled(HistoryEntry entry, string title) =>
        new(entry.At, title, Link: entry.Link, By: entry.By, Took: entry.Took);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
