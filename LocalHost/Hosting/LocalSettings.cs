using System.Text.Json;
using System.Text.Json.Nodes;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>The <c>Values</c> of local.settings.json, which the Functions host would pass on as environment variables.</summary>
internal static class LocalSettings
{
    /// <summary>Reads the file; none is the same as an empty one.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read; the message says why.</exception>
    public static IEnumerable<KeyValuePair<string, string?>> Read(string path)
    {
        if (!File.Exists(path))
            return [];

        try
        {
            var file = JsonNode.Parse(
                File.ReadAllText(path),
                documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (file?["IsEncrypted"]?.GetValue<bool>() != false)
            {
                throw new InvalidOperationException(
                    "local.settings.json is encrypted, or does not say \"IsEncrypted\": false. "
                    + "Run `func settings decrypt`, or add that line.");
            }

            return file["Values"] is JsonObject values
                ? [.. values.Select(value => KeyValuePair.Create(
                    value.Key.Replace("__", ":", StringComparison.Ordinal), value.Value?.ToString()))]
                : [];
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"local.settings.json is not JSON: {e.Message}");
        }
    }
}
