using System.Text.RegularExpressions;

namespace PointWebhooks.Handlers.Templates;

/// <summary>A part of a query: text of the settings, or a value that an event gives.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsValue">Whether the event gives it, so that it must not mean anything in the query.</param>
internal readonly record struct QueryPart(string Text, bool IsValue);

/// <summary>
/// A query with <c>{{ … }}</c> in it. Each is rendered by itself, so that whoever builds the query knows which of its characters come from
/// an event, whatever filters did to them.
/// </summary>
internal sealed partial class QueryTemplate
{
    private readonly IReadOnlyList<(string Text, EventTemplate? Value)> parts;

    private QueryTemplate(IReadOnlyList<(string Text, EventTemplate? Value)> parts) => this.parts = parts;

    /// <summary>Reads a template that is known to be valid Liquid; null when it has tags in it, such as <c>{% if %}</c>.</summary>
    public static QueryTemplate? Parse(string text)
    {
        if (text.Contains("{%", StringComparison.Ordinal))
            return null;

        var parts = new List<(string, EventTemplate?)>();
        var end = 0;
        foreach (Match value in Outputs().Matches(text))
        {
            if (value.Index > end)
                parts.Add((text[end..value.Index], null));
            parts.Add(("", EventTemplate.Of(value.Value)));
            end = value.Index + value.Length;
        }

        if (end < text.Length)
            parts.Add((text[end..], null));
        return new QueryTemplate(parts);
    }

    /// <summary>The query for an event, in parts. The blanks around a value are gone; one that the event does not have is empty.</summary>
    /// <exception cref="PermanentFailureException">It cannot be rendered for this event.</exception>
    public IReadOnlyList<QueryPart> Render(EventModel model) =>
        [.. parts.Select(part => part.Value is { } value ? new QueryPart(value.Render(model), true) : new QueryPart(part.Text, false))];

    /// <summary>Each <c>{{ … }}</c> of valid Liquid, in whose texts there may be braces and quotes after a backslash.</summary>
    [GeneratedRegex(@"\{\{(?>""(?:\\.|[^""\\])*""|'(?:\\.|[^'\\])*'|(?!\}\}).)*\}\}", RegexOptions.Singleline)]
    public static partial Regex Outputs();
}
