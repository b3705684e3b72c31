using System.Text.Json.Serialization;

namespace PointWebhooks.PointApi;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<PointEndpoint>))]
[JsonSerializable(typeof(PointEndpoint))]
[JsonSerializable(typeof(PointServiceOptions))]
internal sealed partial class PointApiJsonContext : JsonSerializerContext;
