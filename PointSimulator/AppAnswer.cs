using System.Text.Json;

namespace PointWebhooks.Simulator;

/// <summary>What a server answered, as far as it can be told in a line.</summary>
/// <param name="Status">The status code.</param>
/// <param name="MediaType">The type of the body, or null.</param>
/// <param name="Json">The body if it is JSON, else undefined.</param>
internal sealed record AppAnswer(int Status, string? MediaType, JsonElement Json)
{
    /// <summary>The answer for people, such as <c>401, signature-mismatch</c>: with the reason code of a problem, without a page.</summary>
    public string Said =>
        Text("reason") is { } reason ? $"{Status}, {reason}"
        : Json.ValueKind == JsonValueKind.Undefined && MediaType is not null ? $"{Status}, with {OneLine.Of(MediaType, 100)}"
        : $"{Status}";

    public static async Task<AppAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new AppAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, Parse(body));
    }

    /// <summary>A text of the JSON object, as one line, or null.</summary>
    public string? Text(params string[] path)
    {
        var found = Json;
        foreach (var name in path)
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
                return null;
        }

        return found.ValueKind == JsonValueKind.String ? OneLine.Of(found.GetString()!, 500) : null;
    }

    private static JsonElement Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
