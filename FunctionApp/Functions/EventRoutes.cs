using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;

namespace PointWebhooks.Functions;

/// <summary>
/// What operators ask for and do: <c>/api/events</c>. An event is named by its id, or by its idempotency key where only one event has
/// that key and it is one plain segment of a path.
/// </summary>
internal sealed class EventRoutes(EventOperations events, CrossSiteRequests crossSite)
{
    /// <summary><c>GET /api/events</c>: events, what is open first, then what is dead, then the rest, latest first.</summary>
    [Function("ListEvents")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "events")] HttpRequest request, CancellationToken cancellationToken) =>
        EventQuery.TryParse(request.Query, out var query, out var error)
            ? Answers.Json(request, await events.ListAsync(query, cancellationToken), OperationsJsonContext.Readable.EventPage)
            : Answers.InvalidQuery(request, error);

    /// <summary><c>GET /api/events/{id}</c>: one event with its history and body.</summary>
    [Function("GetEvent")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "events/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        var found = await events.FindAsync(EventPath.IdOf(request, id), withBody: true, cancellationToken);
        return found.Id is null
            ? Answers.NotFound(request, found.Ambiguous)
            : Answers.Json(request, EventDetails.Of(found), OperationsJsonContext.Readable.EventDetails);
    }

    /// <summary><c>DELETE /api/events/{id}</c>: erases the content of a finished event and leaves its id.</summary>
    [Function("EraseEvent")]
    public async Task<IResult> EraseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "events/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        if (crossSite.Is(request))
            return Answers.CrossSite(request);
        var found = await events.FindAsync(EventPath.IdOf(request, id), withBody: false, cancellationToken);
        return found.Id is null
            ? Answers.NotFound(request, found.Ambiguous)
            : Answers.Of(request, await events.EraseAsync(found), StatusCodes.Status200OK);
    }

    /// <summary>
    /// <c>POST /api/events/{id}/replay</c>: has a dead event processed again; with <c>?completed=true</c> a completed one as well, by
    /// all its handlers. A browser is sent back to the status page.
    /// </summary>
    [Function("ReplayEvent")]
    public async Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "events/{id}/replay")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        if (crossSite.Is(request))
            return Answers.CrossSite(request);
        var found = await events.FindAsync(EventPath.IdOf(request, id), withBody: false, cancellationToken);
        var includeCompleted = string.Equals(request.Query["completed"], "true", StringComparison.OrdinalIgnoreCase);
        var answer = found.Id is null ? null : await events.ReplayAsync(found, includeCompleted);
        if (AcceptHeader.PrefersHtml(request))
            return StatusPage.BackTo(request, "../../status", answer?.Outcome.ToString() ?? "Unknown");
        return answer is null
            ? Answers.NotFound(request, found.Ambiguous)
            : Answers.Of(request, answer, StatusCodes.Status202Accepted);
    }

    /// <summary>
    /// <c>POST /api/events/replay?state=dead&amp;type=&amp;take=</c>: has dead events processed again, latest first. A browser is
    /// sent back to the status page.
    /// </summary>
    [Function("ReplayEvents")]
    public async Task<IResult> ReplayDeadAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "events/replay")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (crossSite.Is(request))
            return Answers.CrossSite(request);
        if (!EventQuery.TryParse(request.Query, out var query, out var error))
            return Answers.InvalidQuery(request, error);
        if (query.Filter.State != EventState.Dead)
            return Answers.InvalidQuery(request, "state is not dead. Only dead events are replayed together: add ?state=dead.");

        var report = await events.ReplayDeadAsync(query, cancellationToken);
        return AcceptHeader.PrefersHtml(request)
            ? StatusPage.BackTo(request, "../status", nameof(EventState.Dead))
            : Answers.Json(request, report, OperationsJsonContext.Readable.ReplayReport);
    }
}
