using System.Text.Json.Serialization;

namespace PointWebhooks.Receiving;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeptEvent))]
internal sealed partial class ReceivingJsonContext : JsonSerializerContext;
