using System.Text.Json;
using System.Text.Json.Nodes;

namespace PointWebhooks.Simulator.Downstream.Jira;

/// <summary>A comment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Body">Its text: an Atlassian document, or a string.</param>
/// <param name="IsPublic">Whether customers see it.</param>
/// <param name="Properties">Its entity properties.</param>
/// <param name="Created">When it was made.</param>
public sealed record JiraComment(
    string Id, JsonNode Body, bool IsPublic, IReadOnlyDictionary<string, JsonNode?> Properties, DateTimeOffset Created)
{
    /// <summary>Its text, whatever its form.</summary>
    public string Text => JiraDocument.TextOf(Body);
}

/// <summary>An issue.</summary>
/// <param name="id">Its numeric id.</param>
/// <param name="key">Its key.</param>
/// <param name="project">Its project.</param>
public sealed class JiraIssue(string id, string key, JiraProject project)
{
    private readonly List<(DateTimeOffset At, JsonObject Fields)> versions = [];

    /// <summary>Its numeric id.</summary>
    public string Id => id;

    /// <summary>Its key.</summary>
    public string Key => key;

    /// <summary>Its project.</summary>
    public JiraProject Project => project;

    /// <summary>Its fields, the status as <c>status.name</c>.</summary>
    public JsonObject Fields { get; } = [];

    /// <summary>Its entity properties.</summary>
    public Dictionary<string, JsonNode?> Properties { get; } = [];

    /// <summary>Its comments, oldest first.</summary>
    public List<JiraComment> Comments { get; } = [];

    /// <summary>The transitions it went through, by name.</summary>
    public List<string> History { get; } = [];

    /// <summary>Its status.</summary>
    public string Status
    {
        get => Fields["status"]!["name"]!.GetValue<string>();
        set => Fields["status"] = new JsonObject { ["name"] = value };
    }

    /// <summary>Its labels.</summary>
    public IReadOnlyList<string> Labels => [.. (Fields["labels"] as JsonArray ?? []).Select(label => label!.GetValue<string>())];

    /// <summary>Its summary.</summary>
    public string Summary => Fields["summary"]?.GetValue<string>() ?? "";

    /// <summary>Its description as text, whatever its form.</summary>
    public string Description => Fields["description"] is { } description ? JiraDocument.TextOf(description) : "";

    /// <summary>Sets fields, and the entity properties that came with them.</summary>
    internal void Set(JsonObject set, JsonObject body)
    {
        foreach (var (name, value) in set)
            Fields[name] = value?.DeepClone();
        Keep(Properties, body);
    }

    /// <summary>Takes the entity properties of a request.</summary>
    internal static void Keep(Dictionary<string, JsonNode?> properties, JsonObject body)
    {
        foreach (var property in body["properties"] as JsonArray ?? [])
            properties[property!["key"]!.ToString()] = property["value"]?.DeepClone();
    }

    /// <summary>Notes that it was changed: a search finds it as it is now once the index has caught up.</summary>
    public void Changed(DateTimeOffset now) => versions.Add((now, JsonSerializer.Deserialize<JsonObject>(Fields)!));

    /// <summary>The fields as the index knew them at a time, or null when it did not know the issue yet.</summary>
    public JsonObject? IndexedAt(DateTimeOffset time) => versions.LastOrDefault(version => version.At <= time).Fields;
}
