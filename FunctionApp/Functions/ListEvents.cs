using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;

namespace PointWebhooks.Functions;

/// <summary>
/// <c>GET /api/events?state=&amp;type=&amp;take=&amp;continuation=</c>: events, what is open first, then what is dead, then the
/// rest, latest first.
/// </summary>
public sealed class ListEvents(EventLedger ledger)
{
    /// <summary>Answers one request.</summary>
    [Function(nameof(ListEvents))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "events")] HttpRequest request, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (!EventQuery.TryParse(request.Query, out var query, out var error))
            return TypedResults.Problem(title: "The query cannot be read.", detail: error, statusCode: StatusCodes.Status400BadRequest);

        var page = await ledger.ListAsync(query.State, query.Type, query.Take, query.Continuation, cancellationToken);
        return TypedResults.Json(page, OperationsJsonContext.Default.EventPage);
    }
}
