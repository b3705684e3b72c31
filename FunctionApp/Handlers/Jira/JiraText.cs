using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Jira;

/// <summary>
/// Texts as the versions of the API take them: version 2 a string of wiki markup, version 3 a document in the Atlassian Document Format.
/// Each refuses what the other takes.
/// </summary>
internal static partial class JiraText
{
    private const int LongestText = 32_767;

    /// <summary>A text of one or more lines.</summary>
    /// <param name="lastLine">A line that follows, however long the text is; or null.</param>
    /// <param name="apiVersion">2 or 3.</param>
    public static JsonNode Of(string text, string? lastLine, int apiVersion)
    {
        var end = lastLine is null ? "" : $"\n\n{lastLine}";
        var whole = EventTemplate.Cut(text, LongestText - end.Length) + end;
        return apiVersion == 2 ? JsonValue.Create(whole) : Document(whole);
    }

    /// <summary>A document: a paragraph for each line, with urls as links, which Jira does not make of plain text there.</summary>
    public static JsonObject Document(string text) => new()
    {
        ["type"] = "doc",
        ["version"] = 1,
        ["content"] = new JsonArray([.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).Select(Paragraph)]),
    };

    private static JsonObject Paragraph(string line)
    {
        var content = new JsonArray();
        var end = 0;
        foreach (Match url in Urls().Matches(line))
        {
            Add(content, line[end..url.Index], null);
            Add(content, url.Value, url.Value);
            end = url.Index + url.Length;
        }

        Add(content, line[end..], null);
        return new JsonObject { ["type"] = "paragraph", ["content"] = content };
    }

    // An empty text is refused.
    private static void Add(JsonArray content, string text, string? link)
    {
        if (text.Length == 0)
            return;
        var node = new JsonObject { ["type"] = "text", ["text"] = text };
        if (link is not null)
        {
            node["marks"] = new JsonArray(
                new JsonObject { ["type"] = "link", ["attrs"] = new JsonObject { ["href"] = link } });
        }

        content.Add(node);
    }

    // Without what ends the sentence that it stands in.
    [GeneratedRegex("""https?://[^\s<>"]*[^\s<>".,;:!?)\]]""", RegexOptions.IgnoreCase)]
    private static partial Regex Urls();
}
