using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;
using PointWebhooks.Registration;

namespace PointWebhooks.Functions;

/// <summary>How the app stands.</summary>
internal sealed class StatusRoutes(StatusReader reader, ReceiverHealth health, SelfCheck selfCheck, CrossSiteRequests crossSite)
{
    /// <summary>
    /// <c>GET /api/health</c>: 200 while an event sent now would be kept, else 503. Open to everybody, so it says no more.
    /// </summary>
    [Function("Health")]
    public async Task<IResult> HealthAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return TypedResults.StatusCode(await health.IsHealthyAsync()
            ? StatusCodes.Status200OK
            : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary><c>GET /api/status</c>: the status as JSON, or as a page when a browser asks (<c>Accept: text/html</c>).</summary>
    [Function("Status")]
    public async Task<IResult> StatusAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "status")] HttpRequest request, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.Vary = "Accept";
        var report = await reader.ReadAsync(cancellationToken);
        return AcceptHeader.PrefersHtml(request)
            ? await StatusPage.ToResultAsync(report, request)
            : Answers.Json(request, report, OperationsJsonContext.Readable.StatusReport);
    }

    /// <summary>
    /// <c>POST /api/self-check</c>: calls the registered url as Syskit Point would, and says whether this app answers there. A browser
    /// is sent back to the status page.
    /// </summary>
    [Function("SelfCheck")]
    public async Task<IResult> SelfCheckAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "self-check")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (crossSite.Is(request))
            return Answers.CrossSite(request);
        var answer = new SelfCheckAnswer(await selfCheck.RunAsync(cancellationToken));
        return AcceptHeader.PrefersHtml(request)
            ? Page.SeeOther(request, $"status?replay={(answer.IsRight ? "SelfCheckRight" : "SelfCheckWrong")}")
            : Answers.Json(request, answer, OperationsJsonContext.Readable.SelfCheckAnswer);
    }
}
