using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace PointWebhooks.Simulator.Downstream;

/// <summary>A call of a system downstream, free of the server it came through.</summary>
/// <param name="Method">The method, in capitals.</param>
/// <param name="Path">The path, as sent.</param>
/// <param name="Query">The query, with its question mark, or empty.</param>
/// <param name="Headers">The headers, by name without regard to case; several values of one are joined.</param>
/// <param name="Body">The body as text.</param>
public sealed record DownstreamRequest(
    string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The parts of the path, decoded.</summary>
    public IReadOnlyList<string> Segments { get; } =
        [.. Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];

    /// <summary>The body as a JSON object, or null when it is none.</summary>
    public JsonObject? Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Body) as JsonObject;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>A header's value, or empty.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>A parameter of the query, or of a body that is a form; null when it is not there.</summary>
    public string? Parameter(string name) =>
        QueryHelpers.ParseQuery(Query).TryGetValue(name, out var inQuery) ? inQuery.ToString()
        : Header("Content-Type").StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            && QueryHelpers.ParseQuery(Body).TryGetValue(name, out var inForm) ? inForm.ToString()
        : null;
}
