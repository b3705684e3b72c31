using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;

namespace PointWebhooks.Functions;

/// <summary>What operators say of the causes of dead events.</summary>
internal sealed class CauseRoutes(KnownCauses causes, AnswerDeadline deadline, CrossSiteRequests crossSite, Operators operators)
{
    /// <summary>
    /// <c>POST /api/causes/{cause}/acknowledge</c>: says that somebody sees to the events that died of a cause; with <c>known=false</c>
    /// takes that back.
    /// </summary>
    [Function("AcknowledgeCause")]
    public async Task<IResult> AcknowledgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "causes/{cause}/acknowledge")] HttpRequest request, string cause)
    {
        if (crossSite.Is(request))
            return Answers.CrossSite(request);
        if (!ErrorCause.IsId(cause))
            return Answers.InvalidQuery(request, "cause is not one that a listing returned.");

        var isKnown = !string.Equals(request.Query["known"], "false", StringComparison.OrdinalIgnoreCase);
        var answer = await deadline.WithinAsync(deadline.Begin(), () => ChangeAsync(cause, isKnown, operators.NameOf(request)));
        if (AcceptHeader.PrefersHtml(request))
        {
            var outcome = answer is null ? nameof(ChangeOutcome.Unsure) : isKnown ? Notices.Acknowledged : Notices.Withdrawn;
            return Page.SeeOther(request, $"../../events?replay={outcome}");
        }

        return answer is null
            ? Answers.Unsure(request, "List the events again in a moment.")
            : Answers.Json(request, answer, OperationsJsonContext.Readable.CauseAnswer);
    }

    private async Task<CauseAnswer> ChangeAsync(string cause, bool isKnown, string? by)
    {
        if (isKnown)
            await causes.AcknowledgeAsync(cause, by);
        else
            await causes.WithdrawAsync(cause);
        return new CauseAnswer(cause, isKnown);
    }
}
