using System.Text.Json;

namespace PointWebhooks.Handlers.Jira;

/// <summary>What Jira says about a failure.</summary>
internal static class JiraWords
{
    /// <summary>
    /// Its messages and what it says about single fields, of which either may be missing; null when it says nothing, or with a page.
    /// </summary>
    public static string? Of(string text)
    {
        try
        {
            var json = JsonElement.Parse(text);
            if (json.ValueKind != JsonValueKind.Object)
                return null;
            var words = Messages(json).Concat(Fields(json)).Where(said => !string.IsNullOrWhiteSpace(said)).ToList();
            return words.Count == 0 ? null : string.Join(" ", words);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string?> Messages(JsonElement json)
    {
        var messages = json.TryGetProperty("errorMessages", out var several) && several.ValueKind == JsonValueKind.Array
            ? several.EnumerateArray().Where(message => message.ValueKind == JsonValueKind.String).Select(message => message.GetString())
            : [];
        // The gateway of Atlassian answers in words of its own.
        return json.TryGetProperty("message", out var one) && one.ValueKind == JsonValueKind.String ? messages.Append(one.GetString()) : messages;
    }

    private static IEnumerable<string> Fields(JsonElement json) =>
        json.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object
            ? errors.EnumerateObject().Select(field => $"{field.Name}: {field.Value}")
            : [];
}
