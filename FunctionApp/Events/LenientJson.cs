using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PointWebhooks.Events;

/// <summary>
/// Reads JSON in which a text may be broken: bytes that are not UTF-8, or half of a surrogate pair (<c>\ud83d</c>). RFC 8259 lets
/// both pass, and System.Text.Json throws on them when they are read as text; here each becomes U+FFFD and takes nothing else
/// away. Any depth is read, in a time that grows with the length alone, as <see cref="JsonDocument"/> would not. Nothing here
/// throws, and no message of a parser, which may quote a secret, gets out.
/// </summary>
internal static partial class LenientJson
{
    /// <summary>What stands in place of a broken character.</summary>
    public const char Replacement = '\ufffd';

    /// <summary>
    /// How deep a <see cref="JsonElement"/> is: one level less than what writers and readers of JSON take unasked, for the object
    /// that it will be shown in.
    /// </summary>
    public const int MaxDepth = 63;

    /// <summary>Reads whatever depth there is.</summary>
    public static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    private const char ByteOrderMark = '\ufeff';

    /// <summary>Bytes as UTF-8 without a byte order mark. UTF-16 is known by its zeros, as RFC 4627 (section 3) tells.</summary>
    public static ReadOnlyMemory<byte> Utf8(ReadOnlyMemory<byte> bytes) => bytes.Span switch
    {
        [0xEF, 0xBB, 0xBF, ..] => bytes[3..],
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(bytes.Span[2..])),
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(bytes.Span[2..])),
        [not 0, 0, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(bytes.Span)),
        [0, not 0, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(bytes.Span)),
        _ => bytes,
    };

    /// <summary>A string as text, a number as it is written; null for any other value.</summary>
    public static string? Text(ReadOnlyMemory<byte> value) => value.Span switch
    {
        [(byte)'"', .. var text, _] => Unescaped(text),
        [(byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..] => Encoding.UTF8.GetString(value.Span),
        _ => null,
    };

    /// <summary>
    /// A value as it is meant, also when it came as a text that holds serialized JSON, once or several times over. Null for null,
    /// for an empty text, and for either of them serialized. A text that holds no object is just a text.
    /// </summary>
    public static ReadOnlyMemory<byte>? Deserialized(ReadOnlyMemory<byte> value)
    {
        var inner = value;
        while (inner.Span[0] == '"')
        {
            var text = Text(inner)!.Trim().Trim(ByteOrderMark).Trim();
            if (text.Length == 0)
                return null;
            var next = Encoding.UTF8.GetBytes(text);
            if (next[0] is not ((byte)'{' or (byte)'"' or (byte)'n') || !IsValue(next))
                return value;
            inner = next;
        }

        if (inner.Span[0] == 'n')
            return null;
        return inner;
    }

    /// <summary>
    /// A value in which every text can be read and written. One that is nested deeper than <see cref="MaxDepth"/>, which could
    /// not be written, is a string that holds its JSON.
    /// </summary>
    public static JsonElement Element(ReadOnlyMemory<byte> value)
    {
        var json = Repair(Encoding.UTF8.GetString(value.Span));
        return TryParse(json) ?? JsonSerializer.SerializeToElement(json);
    }

    /// <summary>JSON as an element, or null when it is none or nested deeper than <see cref="MaxDepth"/>.</summary>
    public static JsonElement? TryParse(string json)
    {
        try
        {
            return JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>JSON with U+FFFD for each half of a surrogate pair.</summary>
    public static string Repair(string json) => EscapeSequences().Replace(
        json, escape => escape.Groups["half"].Success ? @"\ufffd" : escape.Value);

    /// <summary>The text of a JSON string.</summary>
    /// <param name="escaped">The string as it is written, without its quotes.</param>
    public static string Unescaped(ReadOnlySpan<byte> escaped)
    {
        var text = Encoding.UTF8.GetString(escaped);
        return escaped.Contains((byte)'\\') ? JsonElement.Parse($"\"{Repair(text)}\"").GetString()! : text;
    }

    private static bool IsValue(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, AnyDepth);
        try
        {
            while (reader.Read())
            {
                // Reading to the end is what finds out.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Matches one escape sequence after the other, so that the second of two backslashes begins none.
    [GeneratedRegex("""\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.""")]
    private static partial Regex EscapeSequences();
}
