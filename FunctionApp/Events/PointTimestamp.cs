using System.Globalization;
using System.Text.RegularExpressions;

namespace PointWebhooks.Events;

/// <summary>
/// A time as Syskit Point writes it: ISO 8601, mostly without a zone, such as <c>2023-10-05T14:48:00</c>. A time without a
/// zone is UTC.
/// </summary>
/// <param name="Text">The text as received.</param>
/// <param name="Utc">The time it means, or null when the text is not a time.</param>
public readonly partial record struct PointTimestamp(string Text, DateTimeOffset? Utc)
{
    /// <summary>
    /// Reads a time; never fails, because a text that is no time is still worth keeping. What is not ISO 8601 is no time:
    /// <c>08/11/2026</c> is one day in one country and another in the next. Nor is <c>0001-01-01T00:00:00</c>, which a .NET sender
    /// writes for a time that was never set.
    /// </summary>
    public static PointTimestamp Parse(string text) =>
        // What the vendor writes needs no pattern.
        DateTimeOffset.TryParseExact(text, "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new PointTimestamp(text, time.Year > 1 ? time : null)
            : new PointTimestamp(text, Iso(text));

    /// <inheritdoc/>
    public override string ToString() => Text ?? "";

    private static DateTimeOffset? Iso(string text)
    {
        var parts = Iso8601().Match(text.Trim());
        var isTime = DateTimeOffset.TryParseExact(
            $"{Digits("date")}{Digits("time").PadRight(6, '0')}{parts.Groups["fraction"].Value.PadRight(7, '0')[..7]}{Offset(parts)}",
            "yyyyMMddHHmmssfffffffzzz",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal,
            out var time);
        return isTime && time.Year > 1 ? time : null;

        string Digits(string part) => string.Concat(parts.Groups[part].Value.Where(char.IsAsciiDigit));
    }

    private static string Offset(Match parts)
    {
        var digits = parts.Groups["offset"].Value.Replace(":", "", StringComparison.Ordinal).PadRight(4, '0');
        return parts.Groups["sign"].Success ? $"{parts.Groups["sign"].Value}{digits[..2]}:{digits[2..]}" : "+00:00";
    }

    // The extended and the basic format; a blank or a small t for T, as RFC 3339 allows; more digits of a second than a clock has.
    [GeneratedRegex("""
        ^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})
        (?:[Tt\ ](?<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?|[0-9]{4}(?:[0-9]{2})?)(?:[.,](?<fraction>[0-9]+))?
        \ ?(?:[Zz]|(?<sign>[+-])(?<offset>[0-9]{2}(?::?[0-9]{2})?))?)?\z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Iso8601();
}
