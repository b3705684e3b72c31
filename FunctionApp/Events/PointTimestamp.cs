using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PointWebhooks.Events;

/// <summary>
/// A time as Syskit Point writes it: ISO 8601, mostly without a zone, such as <c>2023-10-05T14:48:00</c>. A time without a
/// zone is UTC.
/// </summary>
/// <param name="Text">The text as received.</param>
/// <param name="Utc">The time it means, or null when the text is not a time.</param>
[JsonConverter(typeof(Converter))]
public readonly record struct PointTimestamp(string Text, DateTimeOffset? Utc)
{
    private const DateTimeStyles ZonelessIsUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>Reads a time; never fails, because a text that is no time is still worth keeping.</summary>
    public static PointTimestamp Parse(string text) =>
        new(text, DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, ZonelessIsUtc, out var time) ? time : null);

    /// <inheritdoc/>
    public override string ToString() => Text ?? "";

    internal sealed class Converter : JsonConverter<PointTimestamp>
    {
        public override PointTimestamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(LenientText.Read(ref reader) ?? "");

        public override void Write(Utf8JsonWriter writer, PointTimestamp value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Text);
    }
}
