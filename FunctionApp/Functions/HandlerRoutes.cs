using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;

namespace PointWebhooks.Functions;

/// <summary>
/// Pausing and resuming handlers. A program gets JSON; a browser is sent back to the status page, whose buttons these are. Nothing that
/// another site makes a browser send has an effect.
/// </summary>
internal sealed class HandlerRoutes(HandlerOperations handlers, AnswerDeadline deadline, CrossSiteRequests crossSite, Operators operators)
{
    /// <summary><c>POST /api/handlers/{name}/pause</c>: within a minute no instance begins to run the handler; its events wait.</summary>
    [Function("PauseHandler")]
    public Task<IResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "handlers/{name}/pause")] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        ChangeAsync(request, token => handlers.PauseAsync(name, operators.NameOf(request), token), cancellationToken);

    /// <summary><c>POST /api/handlers/{name}/resume</c>: the events that wait for the handler run within minutes.</summary>
    [Function("ResumeHandler")]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "handlers/{name}/resume")] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        ChangeAsync(request, token => handlers.ResumeAsync(name, operators.NameOf(request), token), cancellationToken);

    private async Task<IResult> ChangeAsync(
        HttpRequest request, Func<CancellationToken, Task<HandlerState?>> change, CancellationToken cancellationToken)
    {
        if (crossSite.Is(request))
            return Answers.CrossSite(request);
        var changed = await deadline.WithinAsync(deadline.Begin(), async () => new Changed(await change(cancellationToken)));
        if (AcceptHeader.PrefersHtml(request))
            return Page.SeeOther(request, $"../../status?replay={NoticeOf(changed)}");
        if (changed is null)
            return Answers.Unsure(request, "Ask again: what is asked twice has one effect.");
        return changed.State is { } state
            ? Answers.Json(request, state, OperationsJsonContext.Readable.HandlerState)
            : Answers.NoSuchHandler(request, handlers.Names);
    }

    private static string NoticeOf(Changed? changed) => changed switch
    {
        null => nameof(ChangeOutcome.Unsure),
        { State: null } => Notices.NoSuchHandler,
        { State.IsPaused: true } => Notices.Paused,
        _ => Notices.Resumed,
    };

    private sealed record Changed(HandlerState? State);
}
