using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;

namespace PointWebhooks.Functions;

/// <summary>
/// What operators do with events, below <c>/api/events</c>. A program gets JSON; a browser, which sends the forms of the pages, is sent on
/// to the page that shows the result. Nothing that another site makes a browser send has an effect.
/// </summary>
internal sealed class EventChanges(
    EventOperations events,
    DeadReplays dead,
    BulkReplays replays,
    PartReader parts,
    AnswerDeadline deadline,
    CrossSiteRequests crossSite,
    Operators operators)
{
    /// <summary><c>DELETE /api/events/{id}</c>: erases the content of a finished event and leaves its id.</summary>
    [Function("EraseEvent")]
    public Task<IResult> EraseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "events/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        ChangeAsync(request, id, StatusCodes.Status200OK, events.EraseAsync, cancellationToken);

    /// <summary><c>POST /api/events/{id}/erase</c>: the same, for forms.</summary>
    [Function("EraseEventByForm")]
    public Task<IResult> EraseByFormAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "events/{id}/erase")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        ChangeAsync(request, id, StatusCodes.Status200OK, events.EraseAsync, cancellationToken);

    /// <summary><c>POST /api/events/{id}/give-up</c>: gives up an open event that nobody processes just now.</summary>
    [Function("GiveUpEvent")]
    public Task<IResult> GiveUpAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "events/{id}/give-up")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        ChangeAsync(request, id, StatusCodes.Status200OK, found => events.GiveUpAsync(found, operators.NameOf(request)), cancellationToken);

    /// <summary>
    /// <c>POST /api/events/{id}/replay</c>: has a dead event processed again; with <c>?completed=true</c> a completed one as well, by
    /// all its handlers; with <c>?handler=</c> by that one alone; with <c>?seen=</c> only as it finished then.
    /// </summary>
    [Function("ReplayEvent")]
    public Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "events/{id}/replay")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        ReplayQuery.TryParse(request.Query, operators.NameOf(request), out var replay, out var error)
            ? ChangeAsync(
                request, id, StatusCodes.Status202Accepted, found => events.ReplayAsync(found, replay), cancellationToken,
                withBody: replay.Handler is not null)
            : Task.FromResult(Answers.InvalidQuery(request, error));

    /// <summary>
    /// <c>POST /api/events/replay?state=dead</c>, with the parameters of a list: has dead events processed again, latest first; with
    /// <c>all=true</c>, and from a form, those beyond the first 200 by and by.
    /// </summary>
    [Function("ReplayEvents")]
    public async Task<IResult> ReplayDeadAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "events/replay")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (crossSite.Is(request))
            return Answers.CrossSite(request);
        if (!EventQuery.TryParse(request.Query, out var query, out var error, EventQuery.MaxTake))
            return Answers.InvalidQuery(request, error);
        if (query.Filter.State != EventState.Dead)
            return Answers.InvalidQuery(request, "state is not dead. Only dead events are replayed together: add ?state=dead.");

        var isForm = AcceptHeader.PrefersHtml(request);
        var isAll = isForm || string.Equals(request.Query["all"], "true", StringComparison.OrdinalIgnoreCase);
        var by = operators.NameOf(request);
        if (isAll)
            query = replays.AsOfNow(query);
        var unknown = new List<UnknownPart>();
        var page = await parts.ReadAsync(
            "events", async token => (EventPage?)await events.ListAsync(query, token), unknown, cancellationToken);
        if (page is null)
            return isForm ? Page.SeeOther(request, $"../events?state=Dead&replay={Notices.NothingDone}") : Answers.NothingDone(request, unknown[0]);

        var report = isAll
            ? await replays.StartAsync(query, page, by, cancellationToken)
            : await dead.ReplayAsync(query, page, by, isAwaited: true, cancellationToken);
        if (report is null)
        {
            return isForm
                ? Page.SeeOther(request, $"../events?state=Dead&replay={nameof(ChangeOutcome.Unsure)}")
                : Answers.Unsure(request, "List the dead events again in a moment.");
        }

        return isForm
            ? Page.SeeOther(request, "../events?state=Dead&replay=Dead" + Query(report))
            : Answers.Json(request, report, OperationsJsonContext.Readable.ReplayReport);
    }

    private static string Query(ReplayReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"&replayed={report.Replayed}&more={(report.More ? "true" : "false")}{(report.Unknown > 0 ? $"&unknown={report.Unknown}" : "")}");

    private async Task<IResult> ChangeAsync(
        HttpRequest request,
        string id,
        int status,
        Func<FoundEvent, Task<ChangeAnswer>> change,
        CancellationToken cancellationToken,
        bool withBody = false)
    {
        if (crossSite.Is(request))
            return Answers.CrossSite(request);
        var begun = deadline.Begin();
        // The pages send forms, which are all POST.
        var isForm = HttpMethods.IsPost(request.Method) && AcceptHeader.PrefersHtml(request);
        var (named, unknown) = (EventPath.IdOf(request, id), new List<UnknownPart>());
        var found = await parts.ReadAsync(
            "event", async token => (FoundEvent?)await events.FindAsync(named, withBody, token), unknown, cancellationToken);
        if (found is null)
        {
            return isForm
                ? Page.SeeOther(request, $"../{Uri.EscapeDataString(named)}?replay={Notices.NothingDone}")
                : Answers.NothingDone(request, unknown[0]);
        }

        var answer = found.Id is not { } known
            ? null
            : await deadline.WithinAsync(begun, () => change(found))
                ?? new ChangeAnswer(ChangeOutcome.Unsure, known.Value, found.Event?.State ?? EventState.Unreadable);
        if (!isForm)
            return answer is null ? Answers.NotFound(request, found.Ambiguous) : Answers.Of(request, answer, status);
        // A replay is also a button of the status page.
        return answer is null || (request.Path.Value!.EndsWith("/replay", StringComparison.Ordinal) && request.Query["from"] != "event")
            ? Page.SeeOther(request, $"../../status?replay={answer?.Outcome.ToString() ?? "Unknown"}")
            : Page.SeeOther(request, $"../{answer.Id}?replay={answer.Outcome}");
    }
}
