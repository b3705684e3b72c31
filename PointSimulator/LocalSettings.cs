using System.Text.Json;
using System.Text.Json.Nodes;

namespace PointWebhooks.Simulator;

/// <summary>The <c>Values</c> of local.settings.json, which the Functions host would pass on as environment variables.</summary>
internal static class LocalSettings
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the file; none is the same as an empty one.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read; the message names it and says why.</exception>
    public static IEnumerable<KeyValuePair<string, string?>> Read(string path)
    {
        if (!File.Exists(path))
            return [];

        var file = Parse(path);
        // As the Functions host has it: absent is true.
        if (!file.TryGetPropertyValue("IsEncrypted", out var isEncrypted) || isEncrypted?.GetValueKind() != JsonValueKind.False)
        {
            throw new InvalidOperationException(
                $"{path} does not say \"IsEncrypted\": false. Add that line, or decrypt the file with `func settings decrypt`.");
        }

        return file["Values"] switch
        {
            null => [],
            JsonObject values => [.. values.Select(value => Setting(path, value.Key, value.Value))],
            _ => throw new InvalidOperationException($"\"Values\" in {path} is not an object of settings."),
        };
    }

    private static JsonObject Parse(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient) as JsonObject
                ?? throw new InvalidOperationException($"{path} is not a JSON object.");
        }
        catch (JsonException e)
        {
            // Not its message, which quotes the text: the file holds secrets.
            throw new InvalidOperationException($"{path} is not JSON: look at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }

    private static KeyValuePair<string, string?> Setting(string path, string name, JsonNode? value) =>
        value is JsonObject or JsonArray
            ? throw new InvalidOperationException(
                $"The setting {name} in {path} is not a text. For a list, write {name}__0, {name}__1 and so on.")
            : KeyValuePair.Create(name.Replace("__", ":", StringComparison.Ordinal), value?.ToString());
}
