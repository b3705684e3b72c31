using System.Text.Json.Serialization;

namespace PointWebhooks.Events;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    Converters = [typeof(LenientText)])]
[JsonSerializable(typeof(ProvisioningStarted))]
[JsonSerializable(typeof(ProvisioningCompleted))]
[JsonSerializable(typeof(ProvisioningFailed))]
internal sealed partial class EventsJsonContext : JsonSerializerContext;
