using System.Text.Json;

namespace PointWebhooks.Events;

/// <summary>
/// An authentic event of a type that is not documented, or one that could not be read at all
/// (<see cref="EventTypes.Unreadable"/>). Its bytes are in <c>EventContext.Body</c>.
/// </summary>
public sealed record UnknownEvent : PointEvent
{
    /// <summary>
    /// The event's <c>content</c>, or null when there is none or the body is not JSON. One that is nested deeper than 63 levels,
    /// which writers of JSON refuse, is a string that holds its JSON.
    /// </summary>
    public JsonElement? Content { get; init; }
}
