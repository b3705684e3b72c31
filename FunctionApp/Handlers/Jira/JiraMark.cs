using System.Text.Json.Nodes;

namespace PointWebhooks.Handlers.Jira;

/// <summary>What tells in Jira that an event has had its effect there.</summary>
internal static class JiraMark
{
    /// <summary>The property of a comment that holds the event's id.</summary>
    public const string CommentProperty = "point-event";

    /// <summary>What makes a comment on a service project internal; elsewhere it means nothing.</summary>
    public const string InternalProperty = "sd.public.comment";

    /// <summary>The label that a new issue has from the moment of its creation: 65 characters without blanks.</summary>
    public static string Label(string eventId) => $"point-event-{eventId}";

    /// <summary>The property of an issue that says how far an event got with it.</summary>
    public static string IssueProperty(string eventId) => $"point-event-{eventId}";

    /// <summary>The line of a comment that names the event: people see it, and it is what a comment is known by.</summary>
    public static string Line(string eventId) => $"Syskit Point event {eventId}";

    /// <summary>A property as requests carry it.</summary>
    public static JsonObject Property(string key, JsonNode value) => new() { ["key"] = key, ["value"] = value };
}
