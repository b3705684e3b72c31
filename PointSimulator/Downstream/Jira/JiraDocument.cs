using System.Text.Json.Nodes;

namespace PointWebhooks.Simulator.Downstream.Jira;

/// <summary>The Atlassian document format, as far as the API checks it.</summary>
internal static class JiraDocument
{
    private static readonly string[] Blocks =
        ["paragraph", "heading", "bulletList", "orderedList", "listItem", "codeBlock", "blockquote", "rule", "panel"];

    /// <summary>Whether a text of version 3 of the API is a document.</summary>
    public static bool IsDocument(JsonNode? node) =>
        node is JsonObject document && IsText(document["type"], "doc") && document["version"] is JsonValue version
        && version.TryGetValue<int>(out var number) && number == 1 && document["content"] is JsonArray content && content.All(IsBlock);

    /// <summary>The words of a document, a line for each block; those of a string are itself.</summary>
    public static string TextOf(JsonNode node) => node switch
    {
        JsonValue value => value.ToString(),
        JsonObject { } one when IsText(one["type"], "text") => one["text"]!.GetValue<string>(),
        JsonObject { } one when IsText(one["type"], "hardBreak") => "\n",
        JsonObject { } one => string.Join(
            Blocks.Contains(one["content"]?[0]?["type"]?.ToString()) ? "\n" : "", (one["content"] as JsonArray ?? []).Select(child => TextOf(child!))),
        _ => "",
    };

    private static bool IsBlock(JsonNode? node) =>
        node is JsonObject block && Blocks.Contains(block["type"]?.ToString())
        && (block["content"] as JsonArray ?? []).All(child => IsBlock(child) || IsInline(child));

    private static bool IsInline(JsonNode? node) =>
        node is JsonObject inline
        && (IsText(inline["type"], "hardBreak") || (IsText(inline["type"], "text") && inline["text"] is JsonValue text && text.ToString().Length > 0));

    private static bool IsText(JsonNode? node, string text) => node is JsonValue value && value.ToString() == text;
}
