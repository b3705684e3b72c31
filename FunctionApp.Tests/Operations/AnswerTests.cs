using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;

namespace PointWebhooks.Tests.Operations;

/// <summary>Status, words and headers of every answer to operators.</summary>
internal sealed class AnswerTests
{
    private const string Secured = "no-store | nosniff | default-src 'none'; frame-ancestors 'none'";

    private HttpContext context = null!;

    private string Headers => string.Join(" | ", new[] { "Cache-Control", "X-Content-Type-Options", "Content-Security-Policy" }
        .Select(name => context.Response.Headers[name].ToString()));

    private static IEnumerable<TestCaseData> Problems =>
    [
        Problem(request => Answers.InvalidQuery(request, "take is wrong."), 400, "Invalid query.", "take is wrong."),
        Problem(Changed(ChangeOutcome.Unsure, EventState.Dead), 503, "It is not known whether this was done.", "Storage has not answered in time, and what was asked of it may still take effect. Look at id again in a moment."),
        Problem(request => Answers.Unknown(request, "The events", new UnknownPart("events", "Storage failed.")), 503, "The events cannot be read now.", "Storage failed."),
        Problem(request => Answers.NothingDone(request, new UnknownPart("events", "Storage failed.")), 503, "Nothing was done.", "What it is about cannot be read now. Storage failed."),
        Problem(request => Answers.SignIn(request, isPossible: true), 401, "Nobody is signed in.", "Open /.auth/login/aad in this browser."),
        Problem(request => Answers.SignIn(request, isPossible: false), 404, "Signing in is not set up here.", "Use a function key and the same path without /signed-in, or set operatorsClientId when deploying."),
        Problem(request => Answers.NoSuchHandler(request, ["a", "b"]), 404, "There is no such handler.", "There is a, b."),
        Problem(Answers.CrossSite, 403, "Cross-site request.", "A page of another site may not change anything here."),
        Problem(request => Answers.NotFound(request, null), 404, "There is no such event.", "Name it by its id, or by its idempotency key."),
        Problem(request => Answers.NotFound(request, ["a", "b"]), 409, "Several events have this idempotency key.", "Name one by its id: a, b."),
        Problem(Changed(ChangeOutcome.Completed, EventState.Completed), 409, "The event is completed.", "Add ?completed=true to have every handler run again."),
        Problem(Changed(ChangeOutcome.Open, EventState.Processing), 409, "The event is Processing.", "It is still being processed. Wait until it is completed or dead."),
        Problem(Changed(ChangeOutcome.Changed, EventState.Completed), 409, "The event has changed.", "It is not any more what it was when it was looked at, and nothing was done. Look again."),
        Problem(Changed(ChangeOutcome.Finished, EventState.Dead), 409, "The event is Dead.", "There is nothing to give up."),
        Problem(Changed(ChangeOutcome.NoSuchHandler, EventState.Dead), 400, "Invalid query.", "handler is not one that handles this event."),
        Problem(Changed(ChangeOutcome.Gone, EventState.Forgotten), 409, "The event is Forgotten.", "Its content is gone or cannot be read by this version."),
    ];

    [SetUp]
    public void Start() => context = new DefaultHttpContext();

    [TestCaseSource(nameof(Problems))]
    public void A_problem_has_its_status_its_words_and_its_headers(
        Func<HttpRequest, IResult> answer, int status, string title, string detail)
    {
        var problem = ((ProblemHttpResult)answer(context.Request)).ProblemDetails;

        Assert.That((problem.Status, problem.Title, problem.Detail), Is.EqualTo(((int?)status, title, detail)));
        Assert.That(Headers, Is.EqualTo(Secured));
    }

    [TestCase(ChangeOutcome.Replayed, 202)]
    [TestCase(ChangeOutcome.Erased, 200)]
    [TestCase(ChangeOutcome.GivenUp, 200)]
    public void A_change_that_was_made_is_said_and_not_cached(ChangeOutcome outcome, int status)
    {
        var answer = new ChangeAnswer(outcome, "id", EventState.Received);

        var result = (JsonHttpResult<ChangeAnswer>)Answers.Of(context.Request, answer, status);

        Assert.That((result.Value, result.StatusCode), Is.EqualTo((answer, (int?)status)));
        Assert.That(Headers, Is.EqualTo(Secured));
    }

    [TestCase(null, "")]
    [TestCase("events.csv?take=200", "<events.csv?take=200>; rel=\"next\"")]
    public void A_file_for_a_spreadsheet_is_downloaded_and_says_where_the_next_one_is(string? next, string link)
    {
        var result = (ContentHttpResult)Answers.Csv(context.Request, "a,b", next);

        Assert.That((result.ResponseContent, result.ContentType), Is.EqualTo(("a,b", "text/csv; charset=utf-8")));
        Assert.That(context.Response.Headers.ContentDisposition.ToString(), Is.EqualTo("attachment; filename=events.csv"));
        Assert.That(context.Response.Headers.Link.ToString(), Is.EqualTo(link));
        Assert.That(Headers, Is.EqualTo(Secured));
    }

    [TestCase("", "../status?replay=Dead")]
    [TestCase("?code=a%2Fb%3D%3D", "../status?replay=Dead&code=a%2Fb%3D%3D")]
    [TestCase("?code=a&code=b", "../status?replay=Dead", TestName = "Two keys are none")]
    public void A_browser_is_sent_back_to_the_page_with_the_key_that_it_came_with(string query, string location)
    {
        context.Request.QueryString = new QueryString(query);

        var result = (StatusCodeHttpResult)Page.SeeOther(context.Request, "../status?replay=Dead");

        Assert.That((result.StatusCode, context.Response.Headers.Location.ToString()), Is.EqualTo((303, location)));
        Assert.That(context.Response.Headers["Referrer-Policy"].ToString(), Is.EqualTo("same-origin"), "the url holds the key");
        Assert.That(Headers, Does.StartWith("no-store | nosniff | "));
    }

    [TestCase(-0.9, "just now")]
    [TestCase(-1, "in 1 s")]
    [TestCase(-3600, "in 1 h 0 min")]
    [TestCase(0, "just now")]
    [TestCase(0.9, "just now")]
    [TestCase(1, "1 s ago")]
    [TestCase(59.9, "59 s ago")]
    [TestCase(60, "1 min 0 s ago")]
    [TestCase(3599, "59 min 59 s ago")]
    [TestCase(3600, "1 h 0 min ago")]
    [TestCase(86399, "23 h 59 min ago")]
    [TestCase(86400, "1 d 0 h ago")]
    [TestCase(95 * 86400 + 7200, "95 d 2 h ago")]
    public void An_age_is_said_by_its_two_largest_units(double seconds, string text) =>
        Assert.That(Age.Text(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));

    private static Func<HttpRequest, IResult> Changed(ChangeOutcome outcome, EventState state) =>
        request => Answers.Of(request, new ChangeAnswer(outcome, "id", state), StatusCodes.Status202Accepted);

    private static TestCaseData Problem(Func<HttpRequest, IResult> answer, int status, string title, string detail) =>
        new TestCaseData(answer, status, title, detail).SetArgDisplayNames(title, detail);
}
