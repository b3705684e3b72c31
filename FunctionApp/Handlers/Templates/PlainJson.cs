using System.Text.Json;

namespace PointWebhooks.Handlers.Templates;

/// <summary>JSON as the plain objects that templates know.</summary>
internal static class PlainJson
{
    public static object? Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? number : json.GetRawText(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => json.EnumerateArray().Select(Of).ToList(),
        // Of several properties of one name the last counts.
        JsonValueKind.Object => json.EnumerateObject().GroupBy(property => property.Name)
            .ToDictionary(same => same.Key, same => Of(same.Last().Value)),
        _ => null,
    };
}
