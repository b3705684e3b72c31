using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PointWebhooks.Simulator;

/// <summary>A Syskit Point to develop against: the webhook part of its API, as documented, and switches for what goes wrong in life.</summary>
public sealed class SimulatedPoint
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> endpoints = new();

    /// <summary>The bearer token that is accepted.</summary>
    public string Token { get; set; } = "development";

    /// <summary>The signature key.</summary>
    public string SignatureKey { get; set; } = Guid.NewGuid().ToString();

    /// <summary>Whether this is an edition before 2025.5, whose API can only register.</summary>
    public bool IsOldEdition { get; set; }

    /// <summary>Whether every call is answered 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>How many calls of the API were made.</summary>
    public int Calls => calls;

    /// <summary>The registered endpoints and their types.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Endpoints => endpoints;

    private int calls;

    /// <summary>Changes the signature key.</summary>
    public string RotateKey() => SignatureKey = Guid.NewGuid().ToString();

    /// <summary>Adds the API to an app.</summary>
    public void Map(WebApplication app)
    {
        var api = app.MapGroup("/v1.0");
        api.AddEndpointFilter(async (context, next) =>
        {
            Interlocked.Increment(ref calls);
            return IsDown ? Results.StatusCode(503)
                : context.HttpContext.Request.Headers.Authorization != $"Bearer {Token}" ? Results.StatusCode(401)
                : await next(context);
        });
        api.MapGet("/options", () => new { webhooksSignatureAuthenticationKey = SignatureKey });
        api.MapPost("/webhooks/endpoints", (EndpointJson body) =>
        {
            endpoints[body.Endpoint] = body.Types ?? ["*"];
            return Results.Content("null", "application/json");
        });
        api.MapGet("/webhooks/endpoints", () => IsOldEdition
            ? Results.StatusCode(405)
            : Results.Json(endpoints.Select(endpoint => new EndpointJson(endpoint.Key, endpoint.Value)), JsonSerializerOptions.Web));
        api.MapDelete("/webhooks/endpoints", ([Microsoft.AspNetCore.Mvc.FromBody] EndpointJson body) =>
            IsOldEdition ? Results.StatusCode(405)
            : endpoints.TryRemove(body.Endpoint, out _) ? Results.NoContent()
            : Results.Json(
                new { message = "An error has occurred.", exceptionMessage = $"Endpoint {body.Endpoint} was not found.", exceptionType = "NotFoundException" },
                statusCode: 404));
    }

    private sealed record EndpointJson(
        [property: JsonPropertyName("endpoint")] string Endpoint, [property: JsonPropertyName("types")] IReadOnlyList<string>? Types);
}
