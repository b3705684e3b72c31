using System.Text.Json.Nodes;

namespace PointWebhooks.Simulator.Downstream.Jira;

/// <summary>What Jira accepts as the fields of an issue.</summary>
internal static class JiraFields
{
    private const int LongestSummary = 255;
    private const int LongestLabel = 255;
    private const int LongestText = 32767;

    private static readonly string[] Common = ["summary", "description", "labels", "project", "issuetype"];

    /// <summary>What is wrong with fields, by field; empty when nothing is.</summary>
    public static Dictionary<string, string> Check(JsonObject fields, JiraProject project, bool isDocument)
    {
        var wrong = new Dictionary<string, string>();
        foreach (var (name, value) in fields)
        {
            var error = name switch
            {
                "summary" => Summary(value),
                "description" => Text(value, isDocument),
                "labels" => Labels(value),
                _ when !Common.Contains(name) && !project.Fields.Contains(name) =>
                    $"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown.",
                _ => null,
            };
            if (error is not null)
                wrong[name] = error;
        }

        return wrong;
    }

    /// <summary>What is wrong with a text, a document in version 3 of the API and a string in version 2; null when nothing is.</summary>
    public static string? Text(JsonNode? value, bool isDocument)
    {
        if (isDocument)
            return JiraDocument.IsDocument(value) ? null : "Operation value must be an Atlassian Document (see the Atlassian Document Format)";
        return value is not JsonValue text || !text.TryGetValue<string>(out var written) ? "Operation value must be a string"
            : written.Length > LongestText ? $"The entered text is too long. It exceeds the allowed limit of {LongestText} characters."
            : null;
    }

    private static string? Summary(JsonNode? value)
    {
        var summary = value?.ToString() ?? "";
        return summary.Trim().Length == 0 ? "You must specify a summary of the issue."
            : summary.Length > LongestSummary ? $"Summary must be less than {LongestSummary} characters."
            : summary.Contains('\n') ? "The summary is invalid because it contains newline characters."
            : null;
    }

    private static string? Labels(JsonNode? value)
    {
        if (value is not JsonArray labels)
            return "data was not an array";
        var texts = labels.Select(label => label?.ToString() ?? "").ToList();
        return texts.Find(label => label.Contains(' ')) is { } spaced ? $"The label '{spaced}' contains spaces which is invalid."
            : texts.Exists(label => label.Length is 0 or > LongestLabel) ? "A label is empty or too long."
            : null;
    }
}
