using System.Text.Json;

namespace PointWebhooks.Events;

/// <summary>A property of a JSON object.</summary>
internal readonly record struct NamedElement(string Name, JsonElement Value);
