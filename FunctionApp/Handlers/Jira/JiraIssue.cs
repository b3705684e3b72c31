using System.Text.Json;

namespace PointWebhooks.Handlers.Jira;

/// <summary>An issue, as far as it matters here.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Status">The name of its status; empty when Jira does not say.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="IsEdited">Whether the event that asks has set its fields.</param>
/// <param name="IsMoved">Whether the event that asks has brought it through its transition.</param>
internal sealed record JiraIssue(string Key, string Status, IReadOnlyList<string> Labels, bool IsEdited, bool IsMoved)
{
    /// <param name="json">The issue as Jira answers it.</param>
    /// <param name="property">The property in which the event says how far it got.</param>
    public static JiraIssue Of(JsonElement json, string property)
    {
        var fields = json.TryGetProperty("fields", out var answered) ? answered : default;
        var status = Field(fields, "status") is { ValueKind: JsonValueKind.Object } given ? given.GetProperty("name").GetString() ?? "" : "";
        var labels = Field(fields, "labels") is { ValueKind: JsonValueKind.Array } all ? all.EnumerateArray().Select(label => $"{label}") : [];
        var done = json.TryGetProperty("properties", out var properties) && properties.TryGetProperty(property, out var value)
            ? value
            : default;
        return new JiraIssue(json.GetProperty("key").GetString()!, status, [.. labels], Is(done, "edited"), Is(done, "moved"));
    }

    // A field that is hidden from this account is not in the answer.
    private static JsonElement Field(JsonElement fields, string name) =>
        fields.ValueKind == JsonValueKind.Object && fields.TryGetProperty(name, out var field) ? field : default;

    private static bool Is(JsonElement done, string step) =>
        done.ValueKind == JsonValueKind.Object && done.TryGetProperty(step, out var value) && value.ValueKind == JsonValueKind.True;
}

/// <summary>A way from the status of an issue to another one.</summary>
/// <param name="Id">Its id, which differs from workflow to workflow.</param>
/// <param name="Name">Its name.</param>
/// <param name="To">The name of the status it leads to.</param>
internal sealed record JiraTransition(string Id, string Name, string To)
{
    /// <summary>
    /// The transition that is meant by a text: the one of that name, else the one that leads to the status of that name; null when there is
    /// none.
    /// </summary>
    public static JiraTransition? Choose(IReadOnlyList<JiraTransition> transitions, string wanted) =>
        transitions.FirstOrDefault(one => Is(one.Name, wanted)) ?? transitions.FirstOrDefault(one => Is(one.To, wanted));

    /// <summary>Whether two names of Jira are the same to people.</summary>
    public static bool Is(string name, string wanted) => name.Trim().Equals(wanted.Trim(), StringComparison.OrdinalIgnoreCase);
}
