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
    /// <summary>How many levels are shown as JSON.</summary>
    public const int MaxDepth = LenientJson.MaxDepth;

    /// <summary>Reads a body; never fails.</summary>
    public static ReadableBody Of(ReadOnlyMemory<byte> body)
    {
        var utf8 = LenientJson.Utf8(body).Span;
        var text = Encoding.UTF8.GetString(utf8);
        var repaired = LenientJson.Repair(text);
        return LenientJson.TryParse(repaired) is { } json
            ? new ReadableBody(json, null, IsExact: Utf8.IsValid(utf8) && repaired == text)
            : new ReadableBody(null, text, IsExact: false);
    }
}
