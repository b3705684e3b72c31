using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PointWebhooks.Events;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Teams;

/// <summary>What a card says.</summary>
/// <param name="Type">The event's type, which gives the title its colour.</param>
/// <param name="Link">Where the button leads; no button when it is no http url.</param>
internal sealed record CardContent(
    string Type, string Title, string Text, IReadOnlyList<(string Label, string Value)> Facts, string Link, string LinkTitle);

/// <summary>
/// Makes an Adaptive Card 1.4. All texts are text runs, in which Markdown means nothing: the name of a workspace cannot become a link. The
/// action that posts a card fails beyond about 28 KB, so that longer texts are cut until all of it fits into 21 KB.
/// </summary>
internal static class AdaptiveCard
{
    /// <summary>The longest single text, in characters.</summary>
    public const int LongestText = 4000;

    /// <summary>The largest payload, in bytes.</summary>
    public const int MaxBytes = 21 * 1024;

    private const int ShortestText = 20;
    private const int MostFacts = 25;

    // Letters as they are: escaped, a text in another script is six times as long.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of the request, in UTF-8.</summary>
    /// <param name="isBare">Whether it is the card alone, not as the attachment of a message.</param>
    public static byte[] Payload(CardContent content, bool isBare)
    {
        for (var longest = LongestText; ; longest /= 2)
        {
            var card = Card(content, longest);
            var payload = JsonSerializer.SerializeToUtf8Bytes(isBare ? card : Message(card), Json);
            if (payload.Length <= MaxBytes || longest <= ShortestText)
                return payload;
        }
    }

    private static JsonObject Message(JsonObject card) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["contentUrl"] = null,
            ["content"] = card,
        }),
    };

    private static JsonObject Card(CardContent content, int longest)
    {
        var title = Run(content.Title, longest, ("weight", "Bolder"), ("size", "Large"), ("color", ColorOf(content.Type)));
        var body = new JsonArray(Paragraph(title));
        if (content.Text.Length > 0)
            body.Add((JsonNode)Paragraph(Run(content.Text, longest)));
        foreach (var (label, value) in content.Facts.Where(fact => fact.Value.Length > 0).Take(MostFacts))
            body.Add((JsonNode)Paragraph(Run($"{label}: ", longest, ("weight", "Bolder")), Run(value, longest)));

        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["msteams"] = new JsonObject { ["width"] = "Full" },
            ["body"] = body,
        };
        // Half a link leads elsewhere.
        if (Uri.TryCreate(content.Link, UriKind.Absolute, out var link)
            && link.Scheme is "https" or "http"
            && content.Link.Length <= LongestText / 2)
        {
            card["actions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Action.OpenUrl",
                ["title"] = content.LinkTitle.Length > 0 ? EventTemplate.Cut(content.LinkTitle, longest) : link.Host,
                ["url"] = link.AbsoluteUri,
            });
        }

        return card;
    }

    private static JsonObject Paragraph(params JsonNode[] runs) => new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(runs) };

    private static JsonObject Run(string text, int longest, params (string Name, string Value)[] style)
    {
        var run = new JsonObject { ["type"] = "TextRun", ["text"] = EventTemplate.Cut(text, longest) };
        foreach (var (name, value) in style)
            run[name] = value;
        return run;
    }

    private static string ColorOf(string eventType) => eventType switch
    {
        EventTypes.ProvisioningCompleted => "Good",
        EventTypes.ProvisioningFailed => "Attention",
        _ => "Default",
    };
}
