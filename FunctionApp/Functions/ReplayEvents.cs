using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;

namespace PointWebhooks.Functions;

/// <summary>
/// <c>POST /api/events/replay?state=dead&amp;type=&amp;take=</c>: has dead events processed again, latest first. A browser is
/// sent back to the status page.
/// </summary>
public sealed class ReplayEvents(EventReplay replay, CrossSiteRequests crossSite)
{
    /// <summary>Answers one request.</summary>
    [Function(nameof(ReplayEvents))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "events/replay")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (crossSite.Is(request))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        if (!EventQuery.TryParse(request.Query, out var query, out var error))
            return Refused(error);
        if (query.State != EventState.Dead)
            return Refused("state is not dead. Only dead events are replayed together: add ?state=dead.");

        var report = await replay.ReplayDeadAsync(query.Type, query.Take, cancellationToken);
        if (StatusPage.IsAskedBy(request))
            return StatusPage.BackTo(request, "../status", nameof(EventState.Dead));
        return TypedResults.Json(report, OperationsJsonContext.Default.ReplayReport);
    }

    private static ProblemHttpResult Refused(string detail) =>
        TypedResults.Problem(title: "The query cannot be carried out.", detail: detail, statusCode: StatusCodes.Status400BadRequest);
}
