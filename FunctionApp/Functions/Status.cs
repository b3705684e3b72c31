using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Operations;

namespace PointWebhooks.Functions;

/// <summary><c>GET /api/status</c>: how the app stands, as JSON, or as a page when a browser asks (<c>Accept: text/html</c>).</summary>
public sealed class Status(StatusReader reader)
{
    /// <summary>Answers one request.</summary>
    [Function(nameof(Status))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "status")] HttpRequest request, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        request.HttpContext.Response.Headers.Vary = "Accept";
        var report = await reader.ReadAsync(cancellationToken);
        return StatusPage.IsAskedBy(request)
            ? await StatusPage.ToResultAsync(report, request)
            : TypedResults.Json(report, OperationsJsonContext.Default.StatusReport);
    }
}
