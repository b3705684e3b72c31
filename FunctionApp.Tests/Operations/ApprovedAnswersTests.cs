using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>The whole of what programs get, as approved.</summary>
internal sealed class ApprovedAnswersTests
{
    private SimulatedRoutes routes = null!;

    private static IEnumerable<TestCaseData> Answers =>
    [
        Answer("status.json", "status", 200),
        Answer("events.json", "events", 200),
        Answer("events-dead.json", "events?state=Dead", 200),
        Answer("events-first-of-many.json", "events?take=2", 200),
        Answer("events-wrong.json", "events?since=2026-05-01", 400),
        Answer("event-received.json", "events/received", 200),
        Answer("event-completed.json", "events/completed", 200),
        Answer("event-dead.json", "events/dead", 200),
        Answer("event-broken.json", "events/broken", 200),
        Answer("event-forgotten.json", "events/forgotten", 200),
        Answer("event-unreadable.json", "events/unreadable", 200),
        Answer("event-ambiguous.json", "events/twice", 409),
        Answer("event-nothing.json", "events/nothing", 404),
        Answer("events.csv", "events.csv", 200),
        Answer("events-wrong-csv.json", "events.csv?take=0", 400),
    ];

    [OneTimeSetUp]
    public void Start() => routes = new SimulatedRoutes();

    [OneTimeTearDown]
    public void Stop() => routes.Dispose();

    [TestCaseSource(nameof(Answers))]
    public void It_is_as_approved(string file, string path, int status)
    {
        var answer = routes.Get(path, "application/json");

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(
            (answer.Headers.CacheControl.ToString(), answer.Headers.XContentTypeOptions.ToString(), answer.Headers.ContentSecurityPolicy.ToString()),
            Is.EqualTo(("no-store", "nosniff", "default-src 'none'; frame-ancestors 'none'")));
        ApprovedText.Check($"Operations/Approved/{file}", answer.Body.ReplaceLineEndings("\n"));
    }

    [TestCase("status")]
    [TestCase("events")]
    [TestCase("events?since=2026-05-01")]
    [TestCase("events/received")]
    [TestCase("events/twice")]
    [TestCase("events/nothing")]
    public void It_says_that_a_browser_would_get_another_answer_at_the_same_url(string path) =>
        Assert.That(routes.Get(path, "application/json").Headers.Vary.ToString(), Is.EqualTo("Accept"));

    private static TestCaseData Answer(string file, string path, int status) => new TestCaseData(file, path, status).SetArgDisplayNames(file);
}
