using System.Text.Json.Serialization;

namespace PointWebhooks.Queues;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventMessage))]
internal sealed partial class QueuesJsonContext : JsonSerializerContext;
