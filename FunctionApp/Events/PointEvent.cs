using System.Collections.ObjectModel;
using System.Text.Json;

namespace PointWebhooks.Events;

/// <summary>
/// An event of Syskit Point: its <c>content</c> as properties, its envelope in <see cref="Type"/> and <see cref="TimeStamp"/>.
/// A property the vendor left out is null.
/// </summary>
public abstract record PointEvent
{
    /// <summary>The event's type: one of <see cref="EventTypes"/>, or a type that is not documented yet.</summary>
    public string Type { get; init; } = "";

    /// <summary>When Syskit Point created the event, if it says so.</summary>
    public PointTimestamp? TimeStamp { get; init; }

    /// <summary>
    /// What <c>content</c> holds beyond the properties known here, by the names as sent. A value that is nested deeper than 63
    /// levels, which writers of JSON refuse, is a string that holds its JSON.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get; init; } = ReadOnlyDictionary<string, JsonElement>.Empty;
}
