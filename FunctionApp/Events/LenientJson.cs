using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PointWebhooks.Events;

/// <summary>
/// Reads JSON in which a text may be broken: bytes that are not UTF-8, or half of a surrogate pair (<c>\ud83d</c>). RFC 8259 lets
/// both pass, and <see cref="JsonElement.GetString"/> throws on them; here each becomes U+FFFD and takes nothing else away. Any
/// depth is read: it is bounded by the size of the body. Nothing here throws, and no message of a parser, which may quote a
/// secret, leaves it.
/// </summary>
internal static partial class LenientJson
{
    /// <summary>What stands in place of a broken character.</summary>
    public const char Replacement = '\ufffd';

    private const char ByteOrderMark = '\ufeff';

    /// <summary>The root of a body, or null when it is not JSON.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonElement.Parse(Utf8(body).Span, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A copy in which every text can be read and written.</summary>
    public static JsonElement Repaired(JsonElement element) =>
        Parse(Encoding.UTF8.GetBytes(Repair(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element)))))!.Value;

    /// <summary>JSON text with U+FFFD for each half of a surrogate pair.</summary>
    public static string Repair(string json) => EscapeSequences().Replace(
        json, escape => escape.Groups["half"].Success ? @"\ufffd" : escape.Value);

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

    /// <summary>The properties of an object, their names readable; none of what is no object.</summary>
    public static List<NamedElement> Properties(JsonElement? element) => element is { ValueKind: JsonValueKind.Object } container
        ? [.. container.EnumerateObject().Select(property =>
            new NamedElement(Unescaped(JsonMarshal.GetRawUtf8PropertyName(property)), property.Value))]
        : [];

    /// <summary>
    /// The properties that may be meant by a name: those of that very name, the last first, as readers of JSON do; then those
    /// whose names differ in case or have blanks around them, in their order.
    /// </summary>
    public static IReadOnlyList<NamedElement> Named(IReadOnlyList<NamedElement> properties, string name) =>
    [
        .. properties.Where(property => property.Name == name).Reverse(),
        .. properties.Where(property => property.Name != name
            && property.Name.AsSpan().Trim().Equals(name, StringComparison.OrdinalIgnoreCase)),
    ];

    /// <summary>A string as text, a number as it is written; null for anything else.</summary>
    public static string? Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Unescaped(JsonMarshal.GetRawUtf8Value(element)[1..^1]),
        JsonValueKind.Number => element.GetRawText(),
        _ => null,
    };

    /// <summary>
    /// What a value is, also when it came as a text that holds serialized JSON, once or several times over. Null for null, for an
    /// empty text, and for either of them serialized. A text that holds no object is just a text.
    /// </summary>
    public static JsonElement? Deserialized(JsonElement element)
    {
        var inner = element;
        while (inner.ValueKind == JsonValueKind.String)
        {
            var text = Text(inner)!.Trim().Trim(ByteOrderMark).Trim();
            if (text.Length == 0)
                return null;
            if (Parse(Encoding.UTF8.GetBytes(text)) is not { ValueKind: JsonValueKind.Object or JsonValueKind.String or JsonValueKind.Null } next)
                return element;
            inner = next;
        }

        return inner.ValueKind == JsonValueKind.Null ? null : inner;
    }

    private static string Unescaped(ReadOnlySpan<byte> escaped)
    {
        var text = Encoding.UTF8.GetString(escaped);
        return text.Contains('\\') ? JsonElement.Parse($"\"{Repair(text)}\"").GetString()! : text;
    }

    // Matches one escape sequence after the other, so that the second of two backslashes begins none.
    [GeneratedRegex("""\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.""")]
    private static partial Regex EscapeSequences();
}
