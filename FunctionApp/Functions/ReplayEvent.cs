using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Events;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;

namespace PointWebhooks.Functions;

/// <summary>
/// <c>POST /api/events/{idempotencyKey}/replay</c>: has a dead event processed again; with <c>?completed=true</c> a completed one
/// as well, by all its handlers. A browser is sent back to the status page.
/// </summary>
public sealed class ReplayEvent(EventReplay replay, CrossSiteRequests crossSite)
{
    /// <summary>Answers one request.</summary>
    [Function(nameof(ReplayEvent))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "events/{idempotencyKey}/replay")] HttpRequest request,
        string idempotencyKey,
        CancellationToken cancellationToken)
    {
        if (crossSite.Is(request))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);

        var completedToo = string.Equals(request.Query["completed"], "true", StringComparison.OrdinalIgnoreCase);
        var answer = await replay.ReplayAsync(IdempotencyKeys.FromRoute(idempotencyKey), completedToo, cancellationToken);
        if (StatusPage.IsAskedBy(request))
            return StatusPage.BackTo(request, "../../status", (answer?.Outcome ?? ReplayOutcome.Unknown).ToString());
        return answer?.Outcome switch
        {
            null => TypedResults.NotFound(),
            ReplayOutcome.Replayed =>
                TypedResults.Json(answer, OperationsJsonContext.Default.ReplayAnswer, statusCode: StatusCodes.Status202Accepted),
            ReplayOutcome.Completed => Conflict("The event is completed.", "Add ?completed=true to have every handler run again."),
            _ => Conflict($"The event is {answer.State}.", "It is processed anyway; only a finished event is replayed."),
        };
    }

    private static ProblemHttpResult Conflict(string title, string detail) =>
        TypedResults.Problem(title: title, detail: detail, statusCode: StatusCodes.Status409Conflict);
}
