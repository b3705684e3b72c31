using System.Text.Json.Serialization;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventDetails))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(ChangeAnswer))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class OperationsJsonContext : JsonSerializerContext;
