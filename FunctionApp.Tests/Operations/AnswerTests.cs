using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;
using PointWebhooks.Receiving;
using PointWebhooks.Signatures;

namespace PointWebhooks.Tests.Operations;

/// <summary>Status, words and headers of every answer, to operators and to senders.</summary>
internal sealed class AnswerTests
{
    private const string Secured = "no-store | nosniff | default-src 'none'; frame-ancestors 'none'";

    private HttpContext context = null!;

    private string Headers => string.Join(" | ", new[] { "Cache-Control", "X-Content-Type-Options", "Content-Security-Policy" }
        .Select(name => context.Response.Headers[name].ToString()));

    private static IEnumerable<TestCaseData> Problems =>
    [
        Problem(request => Answers.InvalidQuery(request, "take is wrong."), 400, "Invalid query.", "take is wrong."),
        Problem(Answers.CrossSite, 403, "Cross-site request.", "A page of another site may not change anything here."),
        Problem(request => Answers.NotFound(request, null), 404, "There is no such event.", "Name it by its id, or by its idempotency key."),
        Problem(request => Answers.NotFound(request, ["a", "b"]), 409, "Several events have this idempotency key.", "Name one by its id: a, b."),
        Problem(Changed(ChangeOutcome.Completed, EventState.Completed), 409, "The event is completed.", "Add ?completed=true to have every handler run again."),
        Problem(Changed(ChangeOutcome.Open, EventState.Processing), 409, "The event is Processing.", "It is still being processed. Wait until it is completed or dead."),
        Problem(Changed(ChangeOutcome.Changed, EventState.Completed), 409, "The event has changed.", "It has been processed again since it was looked at."),
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

    [TestCase(KeptResponse.Accepted, 202)]
    [TestCase(KeptResponse.Quarantined, 202)]
    [TestCase(KeptResponse.Duplicate, 200)]
    public void What_is_kept_is_said_to_its_sender(string status, int expected)
    {
        var kept = new KeptResponse(status, "id", "key");

        var result = (JsonHttpResult<KeptResponse>)ReceiveResult.Of(kept).ToResult(context.Response, "mark");

        Assert.That((result.Value, result.StatusCode), Is.EqualTo((kept, (int?)expected)));
        Assert.That(Headers, Is.EqualTo(" | nosniff | "));
    }

    private static IEnumerable<Refusal> Refusals =>
    [
        Refusal.BodyTooLarge, Refusal.BodyIncomplete, Refusal.SignatureMissing, Refusal.SignatureRepeated, Refusal.SignatureMalformed,
        Refusal.AlgorithmUnsupported, Refusal.SignatureMismatch, Refusal.KeyUnavailable, Refusal.StorageUnavailable,
    ];

    [TestCaseSource(nameof(Refusals))]
    public void A_refusal_closes_what_was_not_read_asks_for_patience_where_that_helps_and_marks_the_unsigned_alone(Refusal refusal)
    {
        var problem = ((ProblemHttpResult)ReceiveResult.Of(refusal).ToResult(context.Response, "mark")).ProblemDetails;

        Assert.That((problem.Status, problem.Title, problem.Detail), Is.EqualTo(((int?)refusal.Status, refusal.Title, refusal.Detail)));
        Assert.That((problem.Type, problem.Extensions["reason"]), Is.EqualTo(($"urn:point-webhooks:problem:{refusal.Reason}", refusal.Reason)));
        var headers = context.Response.Headers;
        Assert.That(headers.RetryAfter.ToString(), Is.EqualTo(refusal.Status == 503 ? "30" : ""));
        // What a signature was compared with was read to its end.
        var isRead = refusal == Refusal.SignatureMismatch || refusal.Status == 503;
        Assert.That(headers.Connection.ToString(), Is.EqualTo(isRead ? "" : "close"), "a body of unknown length");
        Assert.That(headers["Point-Webhooks-Endpoint"].ToString(), Is.EqualTo(refusal == Refusal.SignatureMissing ? "mark" : ""));
    }

    [TestCase(16 * 1024, "")]
    [TestCase((16 * 1024) + 1, "close")]
    public void A_small_body_that_was_not_read_does_not_cost_the_connection(int length, string connection)
    {
        context.Request.ContentLength = length;

        ReceiveResult.Of(Refusal.SignatureMissing).ToResult(context.Response, "mark");

        Assert.That(context.Response.Headers.Connection.ToString(), Is.EqualTo(connection));
    }

    [Test]
    public void A_body_that_has_not_arrived_costs_the_connection_also_when_it_is_small()
    {
        context.Request.ContentLength = 1;

        ReceiveResult.Of(Refusal.BodyIncomplete).ToResult(context.Response, "mark");

        Assert.That(context.Response.Headers.Connection.ToString(), Is.EqualTo("close"));
    }

    [TestCase(SignatureHeaderError.Missing, "signature-missing")]
    [TestCase(SignatureHeaderError.Repeated, "signature-repeated")]
    [TestCase(SignatureHeaderError.Malformed, "signature-malformed")]
    [TestCase(SignatureHeaderError.UnsupportedAlgorithm, "algorithm-unsupported")]
    public void Wrong_headers_are_refused_each_for_its_reason(SignatureHeaderError error, string reason) =>
        Assert.That(Refusal.For(error).Reason, Is.EqualTo(reason));

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
