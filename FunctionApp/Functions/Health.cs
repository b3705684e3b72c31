using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Receiving;

namespace PointWebhooks.Functions;

/// <summary><c>GET /api/health</c>: 200 while an event sent now would be kept, else 503. Open to everybody, so it says no more.</summary>
public sealed class Health(ReceiverHealth health)
{
    /// <summary>Answers one check.</summary>
    [Function(nameof(Health))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return TypedResults.StatusCode(await health.IsHealthyAsync(cancellationToken)
            ? StatusCodes.Status200OK
            : StatusCodes.Status503ServiceUnavailable);
    }
}
