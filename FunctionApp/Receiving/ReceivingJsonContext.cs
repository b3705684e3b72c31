using System.Text.Json.Serialization;

namespace PointWebhooks.Receiving;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptEvent))]
internal sealed partial class ReceivingJsonContext : JsonSerializerContext;
