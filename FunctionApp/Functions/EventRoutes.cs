using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;

namespace PointWebhooks.Functions;

/// <summary>
/// What operators look at: <c>/api/events</c>, as JSON, or as pages where a browser asks (<c>Accept: text/html</c>). An event is named by
/// its id, or by its idempotency key where only one event has that key and it is one plain segment of a path.
/// </summary>
internal sealed class EventRoutes(
    EventOperations events, EventListReader list, PartReader parts, TraceLinks traces, TimeProvider time)
{
    private const int PagesOfCsv = 5;

    /// <summary><c>GET /api/events</c>: events, what is open first, then what is dead, then the rest, latest first.</summary>
    [Function("ListEvents")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "events")] HttpRequest request, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.Vary = "Accept";
        var isPage = AcceptHeader.PrefersHtml(request);
        if (!EventQuery.TryParse(request.Query, out var query, out var error))
            return isPage ? await EventListPage.ToResultAsync(error, request, time.GetUtcNow()) : Answers.InvalidQuery(request, error);
        if (isPage)
            return await EventListPage.ToResultAsync(await list.ReadAsync(EventListPage.ToRead(query, request), cancellationToken), request);

        var report = await list.ReadAsync(query, cancellationToken);
        return EventListAnswer.Of(report) is { } answer
            ? Answers.Json(request, answer, OperationsJsonContext.Readable.EventListAnswer)
            : Answers.Unknown(request, "The events", report.Unknown.First(part => part.Part == EventListReader.EventsPart));
    }

    /// <summary><c>GET /api/events.csv</c>: the same for a spreadsheet, up to 1,000 events; <c>Link</c> leads to the next ones.</summary>
    [Function("ListEventsAsCsv")]
    public async Task<IResult> CsvAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "events.csv")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!EventQuery.TryParse(request.Query, out var query, out var error))
            return Answers.InvalidQuery(request, error);
        var (found, next, unknown) = (new List<EventSummary>(), query with { Take = EventQuery.MaxTake }, new List<UnknownPart>());
        for (var pages = 0; pages < PagesOfCsv; pages++)
        {
            var page = await parts.ReadAsync(
                EventListReader.EventsPart, async token => (EventPage?)await events.ListAsync(next, token), unknown, cancellationToken);
            if (page is null && pages == 0)
                return Answers.Unknown(request, "The events", unknown[0]);
            // What was found is not lost with what is not known: the link leads on from there.
            if (page is null)
                break;
            found.AddRange(page.Events);
            next = next with { Continuation = page.Continuation };
            if (page.Continuation is null)
                break;
        }

        return Answers.Csv(
            request, EventCsv.Of(found), next.Continuation is { } continuation ? $"events.csv?{next.ToText(continuation)}" : null);
    }

    /// <summary><c>GET /api/events/{id}</c>: one event with its history and body.</summary>
    [Function("GetEvent")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "events/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.Vary = "Accept";
        var isPage = AcceptHeader.PrefersHtml(request);
        var unknown = new List<UnknownPart>();
        var found = await parts.ReadAsync(
            "event",
            async token => (FoundEvent?)await events.FindAsync(EventPath.IdOf(request, id), withBody: true, token),
            unknown,
            cancellationToken);
        if (found is { Id: not null })
        {
            var details = EventDetails.Of(found, traces);
            return isPage
                ? await EventDetailsPage.ToResultAsync(
                    found, details, found.Event is { } read ? events.HandlersOf(read) : [], time.GetUtcNow(), request)
                : Answers.Json(request, details, OperationsJsonContext.Readable.EventDetails);
        }

        return (found, isPage) switch
        {
            (null, true) => await EventDetailsPage.WithoutAsync(
                "The event cannot be read now. " + unknown[0].Why, StatusCodes.Status503ServiceUnavailable, null, request),
            (null, false) => Answers.Unknown(request, "The event", unknown[0]),
            ({ Ambiguous: null }, true) => await EventDetailsPage.WithoutAsync(
                "There is no such event.", StatusCodes.Status404NotFound, null, request),
            ({ Ambiguous: { } several }, true) => await EventDetailsPage.WithoutAsync(
                "Several events have this idempotency key:", StatusCodes.Status409Conflict, several, request),
            _ => Answers.NotFound(request, found!.Ambiguous),
        };
    }
}
