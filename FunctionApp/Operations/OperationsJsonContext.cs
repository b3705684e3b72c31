using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PointWebhooks.Operations;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventDetails))]
[JsonSerializable(typeof(EventListAnswer))]
[JsonSerializable(typeof(CauseAnswer))]
[JsonSerializable(typeof(ChangeAnswer))]
[JsonSerializable(typeof(HandlerState))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(SelfCheckAnswer))]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class OperationsJsonContext : JsonSerializerContext
{
    private static OperationsJsonContext? readable;

    /// <summary>
    /// Letters of every script stay letters: the answers are JSON for programs and people, never part of a page, and say so
    /// (<c>nosniff</c>).
    /// </summary>
    // Made when it is asked for: the generated default is not sure to be there when the fields of this class are.
    public static OperationsJsonContext Readable => readable ??= new OperationsJsonContext(
        new JsonSerializerOptions(Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
