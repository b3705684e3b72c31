namespace PointWebhooks.Events;

/// <summary>A property of a JSON object: its name, and the bytes of its value.</summary>
internal readonly record struct NamedJson(string Name, ReadOnlyMemory<byte> Json);
