using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Jira;

/// <summary>
/// The value of a field. A template that is JSON with <c>{{ … }}</c> in its texts, such as <c>{"name":"High"}</c> or <c>["{{ name }}"]</c>,
/// becomes JSON; any other one becomes a text. The template decides, never what an event has in it.
/// </summary>
internal sealed partial class JiraField
{
    private readonly EventTemplate? text;
    private readonly QueryTemplate? json;

    private JiraField(EventTemplate? text, QueryTemplate? json) => (this.text, this.json) = (text, json);

    /// <summary>Reads a template that is known to be valid Liquid; null when it looks like JSON and is none.</summary>
    public static JiraField? Parse(string template)
    {
        if (!LooksLikeJson(template))
            return new JiraField(EventTemplate.Of(template), null);
        var field = QueryTemplate.Parse(template) is { } parts ? new JiraField(null, parts) : null;
        return field?.TryRender(EventModel.Empty, out _) == true ? field : null;
    }

    /// <summary>
    /// The fields as a request carries them. A text that an event makes nothing of is left out: sent, it would erase what is there.
    /// </summary>
    /// <exception cref="PermanentFailureException">One cannot be rendered.</exception>
    public static IReadOnlyList<KeyValuePair<string, JsonNode?>> Render(IReadOnlyDictionary<string, JiraField> fields, EventModel model) =>
    [
        .. fields.Select(field => KeyValuePair.Create(field.Key, field.Value.Render(model)))
            .Where(field => field.Value is not JsonValue value || !value.TryGetValue<string>(out var text) || text.Length > 0),
    ];

    /// <summary>The value for an event.</summary>
    /// <exception cref="PermanentFailureException">It cannot be rendered.</exception>
    public JsonNode? Render(EventModel model) => text is not null
        ? JsonValue.Create(text.Render(model))
        : TryRender(model, out var value) ? value
        : throw new PermanentFailureException("The template of a field does not make JSON of this event.");

    // A date, a version of three parts and a number with zeros in front are texts.
    private static bool LooksLikeJson(string template) =>
        template is ['[', ..] or ['{', not ('{' or '%'), ..] or ['{']
        || template is "true" or "false" or "null"
        || Number().IsMatch(template);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    // Whatever an event gives is escaped, so that it stays within the text it stands in.
    private bool TryRender(EventModel model, out JsonNode? value)
    {
        value = null;
        try
        {
            value = JsonNode.Parse(string.Concat(json!.Render(model).Select(part =>
                part.IsValue ? JavaScriptEncoder.Default.Encode(part.Text) : part.Text)));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
