using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace PointWebhooks.Events;

/// <summary>A body as an operator can read it: whatever it is, this can be shown and written.</summary>
/// <param name="Json">The body as JSON, or null when it is none or is nested deeper than <see cref="MaxDepth"/>.</param>
/// <param name="Text">The body as text when <see cref="Json"/> is null, with U+FFFD for what is not UTF-8.</param>
/// <param name="IsExact">
/// Whether <see cref="Json"/> says all that the bytes do; where not, a broken text holds U+FFFD, and the bytes belong beside it.
/// </param>
public sealed record ReadableBody(JsonElement? Json, string? Text, bool IsExact)
{
    /// <summary>
    /// How many levels are shown as JSON: one less than readers of JSON, also System.Text.Json, take unasked, for the object that
    /// the body is shown in.
    /// </summary>
    public const int MaxDepth = 63;

    /// <summary>Reads a body; never fails.</summary>
    public static ReadableBody Of(ReadOnlyMemory<byte> body)
    {
        var utf8 = LenientJson.Utf8(body);
        var text = Encoding.UTF8.GetString(utf8.Span);
        var repaired = LenientJson.Repair(text);
        try
        {
            var json = JsonElement.Parse(repaired, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return new ReadableBody(json, null, Utf8.IsValid(utf8.Span) && repaired == text);
        }
        catch (JsonException)
        {
            return new ReadableBody(null, text, IsExact: false);
        }
    }
}
