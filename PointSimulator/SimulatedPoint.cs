using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace PointWebhooks.Simulator;

/// <summary>
/// A Syskit Point to develop against: the webhook part of its API, as documented, and switches for what goes wrong in life.
/// </summary>
public sealed class SimulatedPoint
{
    private readonly Lock gate = new();
    private readonly ConcurrentQueue<string> calls = [];
    private List<KeyValuePair<string, IReadOnlyList<string>>> registered = [];

    /// <summary>The bearer token that is accepted.</summary>
    public string Token { get; set; } = "development";

    /// <summary>The signature key.</summary>
    public string SignatureKey { get; set; } = Guid.NewGuid().ToString();

    /// <summary>Whether this is an edition before 2025.5, whose API can only register.</summary>
    public bool IsOldEdition { get; set; }

    /// <summary>Whether every call is answered 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>What registering a url does that is registered already.</summary>
    public SecondPost SecondPost { get; set; }

    /// <summary>An answer in place of the usual one, such as a 429 or a web page; null for the usual one.</summary>
    public Func<HttpRequest, IResult?> Answer { get; set; } = _ => null;

    /// <summary>How many calls of the API were made.</summary>
    public int Calls => calls.Count;

    /// <summary>The calls that were made, in their order, such as <c>GET /v1.0/options</c>.</summary>
    public IReadOnlyList<string> CallLog => [.. calls];

    /// <summary>What is registered, in the order of registration.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Registered
    {
        get
        {
            lock (gate)
                return [.. registered];
        }
    }

    /// <summary>The registered endpoints and their types.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Endpoints =>
        Registered.GroupBy(endpoint => endpoint.Key).ToDictionary(same => same.Key, same => same.Last().Value);

    /// <summary>Changes the signature key.</summary>
    public string RotateKey() => SignatureKey = Guid.NewGuid().ToString();

    /// <summary>Registers an endpoint.</summary>
    /// <returns>Whether it was taken.</returns>
    public bool Register(string url, params IReadOnlyList<string> types)
    {
        lock (gate)
        {
            var isNew = registered.All(endpoint => endpoint.Key != url);
            if (!isNew && SecondPost is SecondPost.Fails or SecondPost.IsIgnored)
                return SecondPost == SecondPost.IsIgnored;
            if (SecondPost == SecondPost.Updates)
                registered = [.. registered.Where(endpoint => endpoint.Key != url)];
            registered.Add(KeyValuePair.Create(url, types));
            return true;
        }
    }

    /// <summary>Removes an endpoint.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string url)
    {
        lock (gate)
            return registered.RemoveAll(endpoint => endpoint.Key == url) > 0;
    }

    /// <summary>Adds the API to an app.</summary>
    public void Map(WebApplication app)
    {
        var api = app.MapGroup("/v1.0");
        api.AddEndpointFilter(async (context, next) =>
        {
            var request = context.HttpContext.Request;
            calls.Enqueue($"{request.Method} {request.Path}");
            return IsDown ? Results.StatusCode(503)
                : Answer(request) is { } answer ? answer
                : request.Headers.Authorization != $"Bearer {Token}" ? Results.StatusCode(401)
                : await next(context);
        });
        api.MapGet("/options", () => new { webhooksSignatureAuthenticationKey = SignatureKey });
        api.MapPost("/webhooks/endpoints", (EndpointJson body) => Register(body.Endpoint, body.Types ?? ["*"])
            ? Results.Content("null", "application/json")
            : Error(500, $"Endpoint {body.Endpoint} exists already.", "DuplicateEndpointException"));
        api.MapGet("/webhooks/endpoints", () => IsOldEdition
            ? Results.StatusCode(405)
            : Results.Json(Registered.Select(endpoint => new EndpointJson(endpoint.Key, endpoint.Value)), JsonSerializerOptions.Web));
        api.MapDelete("/webhooks/endpoints", ([FromBody] EndpointJson body) =>
            IsOldEdition ? Results.StatusCode(405)
            : Remove(body.Endpoint) ? Results.NoContent()
            : Error(404, $"Endpoint {body.Endpoint} was not found.", "NotFoundException"));
    }

    // As the vendor answers, with the whole url in it.
    private static IResult Error(int status, string text, string type) =>
        Results.Json(new { message = "An error has occurred.", exceptionMessage = text, exceptionType = type }, statusCode: status);

    private sealed record EndpointJson(
        [property: JsonPropertyName("endpoint")] string Endpoint, [property: JsonPropertyName("types")] IReadOnlyList<string>? Types);
}
