using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json;

namespace PointWebhooks.Events;

/// <summary>
/// The properties of an event's content, from which the documented ones are taken by name; what remains was added by the vendor.
/// </summary>
internal sealed class ContentProperties(ReadOnlyMemory<byte>? content)
{
    private readonly List<NamedJson> properties = content is { } json ? LenientJson.Properties(json) : [];

    /// <summary>What was not taken. Of several properties of one name the last counts.</summary>
    public IReadOnlyDictionary<string, JsonElement> Remaining => properties.Count == 0
        ? ReadOnlyDictionary<string, JsonElement>.Empty
        : properties.GroupBy(property => property.Name).ToDictionary(same => same.Key, same => LenientJson.Element(same.Last().Json));

    /// <summary>
    /// Takes a property as text: a string as itself, null as null, anything else as its JSON. The vendor documents names of
    /// properties, not their types.
    /// </summary>
    public string? Take(string name)
    {
        foreach (var property in LenientJson.Named(properties, name))
        {
            properties.Remove(property);
            if (property.Json.Span[0] != 'n')
                return LenientJson.Text(property.Json) ?? LenientJson.Repair(Encoding.UTF8.GetString(property.Json.Span));
        }

        return null;
    }
}
