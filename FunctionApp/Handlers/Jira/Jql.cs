using System.Text;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Jira;

/// <summary>Queries in JQL in which what comes from an event is a value and nothing else.</summary>
internal static class Jql
{
    /// <summary>A value in quotes.</summary>
    public static string Quote(string value) => $"\"{Escape(value)}\"";

    /// <summary>
    /// A query of parts. A value between quotes of the query is escaped, any other one is put into quotes, so that both
    /// <c>summary ~ {{ name }}</c> and <c>labels = "site-{{ name }}"</c> are right.
    /// </summary>
    /// <returns>Null when the event does not have one of the values: an empty one would find what is not meant.</returns>
    public static string? Build(IReadOnlyList<QueryPart> parts)
    {
        var jql = new StringBuilder();
        char? quote = null;
        foreach (var part in parts)
        {
            if (part is { IsValue: true, Text.Length: 0 })
                return null;
            if (!part.IsValue)
                quote = QuoteAfter(part.Text, quote);
            jql.Append(!part.IsValue ? part.Text : quote is null ? Quote(part.Text) : Escape(part.Text));
        }

        return jql.ToString().Trim();
    }

    // Both kinds of quotes, since a value may stand between either. A line break ends a string in JQL, and other control characters
    // are no text that anybody looks for.
    private static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            if (c is '\\' or '"' or '\'')
                escaped.Append('\\');
            escaped.Append(char.IsControl(c) ? ' ' : c);
        }

        return escaped.ToString();
    }

    // Which quote is open after a text of the settings.
    private static char? QuoteAfter(string text, char? open)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (open is null && text[i] is '"' or '\'')
                open = text[i];
            else if (text[i] == open)
                open = null;
        }

        return open;
    }
}
