using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Receiving;

/// <summary>
/// The HTTP answer of a refusal: problem details (RFC 9457) with its reason code. They are the same bytes each time, so they are written
/// once: a flood of refusals costs no serializing.
/// </summary>
internal sealed partial class RefusalResult(Refusal refusal) : IResult, IStatusCodeHttpResult
{
    private static readonly ConcurrentDictionary<Refusal, byte[]> Written = new();

    /// <inheritdoc/>
    public int? StatusCode => refusal.Status;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var body = Written.GetOrAdd(refusal, Write);
        var response = httpContext.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (refusal.Status, "application/problem+json", body.Length);
        return response.Body.WriteAsync(body).AsTask();
    }

    private static byte[] Write(Refusal refusal) => JsonSerializer.SerializeToUtf8Bytes(
        new Problem($"urn:point-webhooks:problem:{refusal.Reason}", refusal.Title, refusal.Status, refusal.Detail, refusal.Reason),
        ProblemJson.Default.Problem);

    // The members in the order in which ASP.NET Core writes them.
    private sealed record Problem(string Type, string Title, int Status, string Detail, string Reason);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Problem))]
    private sealed partial class ProblemJson : JsonSerializerContext;
}
