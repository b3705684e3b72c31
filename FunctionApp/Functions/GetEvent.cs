using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Events;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;

namespace PointWebhooks.Functions;

/// <summary><c>GET /api/events/{idempotencyKey}</c>: one event with its history and body. A slash in a key is written <c>%2F</c>.</summary>
public sealed class GetEvent(EventLedger ledger)
{
    /// <summary>Answers one request.</summary>
    [Function(nameof(GetEvent))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "events/{idempotencyKey}")] HttpRequest request,
        string idempotencyKey,
        CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return await ledger.FindAsync(IdempotencyKeys.FromRoute(idempotencyKey), withBody: true, cancellationToken) is { } found
            ? TypedResults.Json(EventDetails.Of(found), OperationsJsonContext.Default.EventDetails)
            : TypedResults.NotFound();
    }
}
