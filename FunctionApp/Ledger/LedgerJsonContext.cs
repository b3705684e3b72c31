using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace PointWebhooks.Ledger;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImmutableArray<HistoryEntry>))]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;
