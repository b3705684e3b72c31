using System.Globalization;

namespace PointWebhooks.Telemetry;

/// <summary>Makes a text that somebody else chose fit for a log line, a span or a metric: one line, of bounded length.</summary>
internal static class LogText
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxLength = 500;

    /// <summary>
    /// The text on one line: control characters, line and paragraph separators and those that turn the direction of text become
    /// blanks, and what is longer than <see cref="MaxLength"/> is cut.
    /// </summary>
    public static string OneLine(string text)
    {
        var cut = text.Length > MaxLength ? text[..MaxLength] + "…" : text;
        return cut.Any(IsUnfit) ? string.Concat(cut.Select(c => IsUnfit(c) ? ' ' : c)) : cut;
    }

    private static bool IsUnfit(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
