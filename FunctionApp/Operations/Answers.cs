using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PointWebhooks.Operations;

/// <summary>Answers to operators: JSON and problem details (RFC 9457), not cached, and not sniffed by a browser.</summary>
internal static class Answers
{
    public static IResult Json<T>(HttpRequest request, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        Secure(request);
        return TypedResults.Json(value, type, statusCode: status);
    }

    /// <param name="next">The url of what follows, or null.</param>
    public static IResult Csv(HttpRequest request, string csv, string? next)
    {
        Secure(request);
        var headers = request.HttpContext.Response.Headers;
        headers.ContentDisposition = "attachment; filename=events.csv";
        if (next is not null)
            headers.Link = $"<{next}>; rel=\"next\"";
        return TypedResults.Text(csv, "text/csv; charset=utf-8");
    }

    public static IResult Of(HttpRequest request, ChangeAnswer answer, int status) => answer.Outcome switch
    {
        ChangeOutcome.Replayed or ChangeOutcome.Erased or ChangeOutcome.GivenUp => Json(
            request, answer, OperationsJsonContext.Readable.ChangeAnswer, status),
        ChangeOutcome.Completed => Problem(
            request, StatusCodes.Status409Conflict, "The event is completed.", "Add ?completed=true to have every handler run again."),
        ChangeOutcome.Unsure => Unsure(request, $"Look at {answer.Id} again in a moment."),
        ChangeOutcome.NoSuchHandler => InvalidQuery(request, "handler is not one that handles this event."),
        ChangeOutcome.Changed => Problem(
            request, StatusCodes.Status409Conflict, "The event has changed.", "It is not any more what it was when it was looked at, and nothing was done. Look again."),
        ChangeOutcome.Finished => Problem(
            request, StatusCodes.Status409Conflict, $"The event is {answer.State}.", "There is nothing to give up."),
        _ => Problem(
            request,
            StatusCodes.Status409Conflict,
            $"The event is {answer.State}.",
            answer.Outcome == ChangeOutcome.Gone
                ? "Its content is gone or cannot be read by this version."
                : "It is still being processed. Wait until it is completed or dead."),
    };

    public static IResult InvalidQuery(HttpRequest request, string detail) =>
        Problem(request, StatusCodes.Status400BadRequest, "Invalid query.", detail);

    /// <param name="what">What is unknown, at the beginning of a sentence.</param>
    public static IResult Unknown(HttpRequest request, string what, UnknownPart part) =>
        Problem(request, StatusCodes.Status503ServiceUnavailable, $"{what} cannot be read now.", part.Why);

    /// <summary>Nothing was changed, because what was to be changed cannot be read.</summary>
    public static IResult NothingDone(HttpRequest request, UnknownPart part) => Problem(
        request, StatusCodes.Status503ServiceUnavailable, "Nothing was done.", $"What it is about cannot be read now. {part.Why}");

    /// <param name="lookWhere">Where it can be seen.</param>
    public static IResult Unsure(HttpRequest request, string lookWhere) => Problem(
        request,
        StatusCodes.Status503ServiceUnavailable,
        "It is not known whether this was done.",
        $"Storage has not answered in time, and what was asked of it may still take effect. {lookWhere}");

    public static IResult SignIn(HttpRequest request, bool isPossible) => isPossible
        ? Problem(request, StatusCodes.Status401Unauthorized, "Nobody is signed in.", "Open /.auth/login/aad in this browser.")
        : Problem(
            request,
            StatusCodes.Status404NotFound,
            "Signing in is not set up here.",
            "Use a function key and the same path without /signed-in, or set operatorsClientId when deploying.");

    /// <param name="known">The names that there are.</param>
    public static IResult NoSuchHandler(HttpRequest request, IEnumerable<string> known) => Problem(
        request, StatusCodes.Status404NotFound, "There is no such handler.", $"There is {string.Join(", ", known)}.");

    public static IResult CrossSite(HttpRequest request) => Problem(
        request, StatusCodes.Status403Forbidden, "Cross-site request.", "A page of another site may not change anything here.");

    public static IResult NotFound(HttpRequest request, IReadOnlyList<string>? ambiguous) => ambiguous is null
        ? Problem(request, StatusCodes.Status404NotFound, "There is no such event.", "Name it by its id, or by its idempotency key.")
        : Problem(
            request,
            StatusCodes.Status409Conflict,
            "Several events have this idempotency key.",
            $"Name one by its id: {string.Join(", ", ambiguous)}.");

    private static ProblemHttpResult Problem(HttpRequest request, int status, string title, string detail)
    {
        Secure(request);
        return TypedResults.Problem(title: title, detail: detail, statusCode: status);
    }

    private static void Secure(HttpRequest request)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    }
}
