using PointWebhooks.Telemetry;

namespace PointWebhooks.Handlers;

/// <summary>What a handler knows about the event it handles, beside the event. Each run of each handler has one of its own.</summary>
/// <param name="EventId">
/// The event's id: its type and key, as 53 letters, digits and a dash. A handler passes it downstream, or looks there for it first:
/// should the app crash between the effect and its record, the handler runs again with the same id.
/// </param>
/// <param name="IdempotencyKey">The vendor's key: any text. Events of different types may share one.</param>
/// <param name="ReceivedAt">When the event was received, in UTC.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
public sealed record EventContext(
    string EventId, string IdempotencyKey, DateTimeOffset ReceivedAt, int Attempt, ReadOnlyMemory<byte> Body)
{
    /// <summary>
    /// When the last run for this event before this one had ended, at the latest; null in the first. Whatever a handler did then, it did
    /// before: one whose system takes a while to find what is new looks again when that has passed.
    /// </summary>
    public DateTimeOffset? LastRunAt { get; init; }

    /// <summary>What the handler has reported last, or null.</summary>
    internal HandlerEffect? Effect { get; private set; }

    /// <summary>
    /// Says what the handler has done downstream. It is kept in the event's history when the handler finishes, for operators: in a few
    /// words and without secrets.
    /// </summary>
    /// <param name="effect">Such as <c>Opened IT-12</c>.</param>
    /// <param name="link">Where a person can see it, at http or https; any other is left out: a browser might run it.</param>
    public void Report(string effect, Uri? link = null) =>
        Effect = new HandlerEffect(LogText.OneLine(effect), link is { IsAbsoluteUri: true, Scheme: "https" or "http" } ? link : null);
}
