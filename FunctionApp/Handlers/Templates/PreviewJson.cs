using System.Text.Encodings.Web;
using System.Text.Json;

namespace PointWebhooks.Handlers.Templates;

/// <summary>JSON for people to read.</summary>
internal static class PreviewJson
{
    public static JsonSerializerOptions Options { get; } =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
