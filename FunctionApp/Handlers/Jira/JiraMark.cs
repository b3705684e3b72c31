using System.Text.Json.Nodes;

namespace PointWebhooks.Handlers.Jira;

/// <summary>
/// What tells in Jira that an event has had its effect there: that of one handler, since another one may act on the same ticket.
/// </summary>
/// <param name="EventId">The event's id.</param>
/// <param name="Handler">The handler's name.</param>
internal sealed record JiraMark(string EventId, string Handler)
{
    /// <summary>What makes a comment on a service project internal; elsewhere it means nothing.</summary>
    public const string InternalProperty = "sd.public.comment";

    private const string Name = "point-event";

    /// <summary>The label that a new issue has from the moment of its creation: at most 111 characters without blanks.</summary>
    public string Label => $"{Name}-{EventId}-{Handler}";

    /// <summary>The property of an issue that says how far an event got with it.</summary>
    public string IssueProperty => Label;

    /// <summary>The line of a comment that names the event: people see it, and it is what a comment is known by.</summary>
    public string Line => $"Syskit Point event {EventId} ({Handler})";

    /// <summary>The property of a comment.</summary>
    public JsonObject CommentProperty => Property(Name, new JsonObject { ["id"] = EventId, ["handler"] = Handler });

    /// <summary>A property as requests carry it.</summary>
    public static JsonObject Property(string key, JsonNode value) => new() { ["key"] = key, ["value"] = value };
}
