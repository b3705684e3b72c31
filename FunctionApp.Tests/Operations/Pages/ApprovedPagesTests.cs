using System.Text.Json;
using PointWebhooks.Ledger;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations.Pages;

/// <summary>The whole HTML of each page, as approved; how it looks is for <see cref="PagesTests"/>.</summary>
internal sealed class ApprovedPagesTests
{
    private const string Key = "code=a%2Fb%3D%3D";

    private SimulatedRoutes routes = null!;

    private static IEnumerable<TestCaseData> Pages =>
    [
        Page("status", $"status?{Key}&refresh=30", 200),
        Page("events", $"events?{Key}", 200),
        Page("events-first-of-many", "events?take=2", 200),
        Page("events-dead", $"events?state=Dead&{Key}", 200),
        Page("events-dead-to-confirm", $"events?state=Dead&confirm=replay&{Key}", 200),
        Page("events-dead-until", "events?state=Dead&since=2026-05-01T12:00Z&until=2026-05-01T12:06:30Z&confirm=replay", 200),
        Page("events-dead-between", "events?state=Dead&since=2026-05-01T12:00Z&until=2026-05-01T14:06:30%2B02:00", 200),
        Page("events-of-a-key", "events?key=dead&type=ProvisioningFailed", 200),
        Page("events-one-dead-to-confirm", "events?state=Dead&key=dead&confirm=replay", 200),
        Page("events-not-dead-to-confirm", "events?state=Completed&confirm=replay", 200),
        Page("events-filtered", "events?type=ProvisioningFailed&name=pho&error=403&take=1", 200),
        Page("events-none", "events?state=Dead&type=Nothing&confirm=replay", 200),
        Page("events-wrong", $"events?state=zombie&since=yesterday&{Key}", 400),
        Page("event-received", $"events/received?confirm=give-up&{Key}", 200),
        Page("event-completed", "events/completed?confirm=again&replay=Replayed", 200),
        Page("event-completed-run-one", $"events/completed?confirm=run&handler=jira-it&{Key}", 200),
        Page("event-dead", $"events/dead?confirm=erase&{Key}", 200),
        Page("event-retrying", "events/retrying?confirm=something", 200),
        Page("event-large", "events/large", 200),
        Page("event-web", "events/web", 200),
        Page("event-broken", "events/broken", 200),
        Page("event-forgotten", "events/forgotten", 200),
        Page("event-unreadable", "events/unreadable", 200),
        Page("event-ambiguous", $"events/twice?{Key}", 409),
        Page("event-nothing", "events/nothing", 404),
    ];

    [OneTimeSetUp]
    public void Start() => routes = new SimulatedRoutes();

    [OneTimeTearDown]
    public void Stop() => routes.Dispose();

    [TestCaseSource(nameof(Pages))]
    public void It_is_as_approved(string file, string path, int status)
    {
        var answer = routes.Get(path, "text/html");

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.Headers.ContentType.ToString(), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(
            (answer.Headers.CacheControl.ToString(), answer.Headers.Vary.ToString(), answer.Headers.XContentTypeOptions.ToString(), answer.Headers["Referrer-Policy"].ToString()),
            Is.EqualTo(("no-store", "Accept", "nosniff", "same-origin")));
        Assert.That(
            answer.Headers.ContentSecurityPolicy.ToString(),
            Does.Match("^default-src 'none'; style-src 'nonce-[A-Za-z0-9+/]{24}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$"));
        ApprovedText.Check($"Operations/Pages/Approved/{file}.html", answer.Body);
    }

    [Test]
    public void A_handler_that_has_not_finished_is_not_asked_about() => Assert.That(
        routes.Get("events/completed?confirm=run&handler=nobody", "text/html").Body,
        Is.EqualTo(routes.Get("events/completed", "text/html").Body).And.Not.Contain("id=\"confirm\""));

    [Test]
    public void An_event_that_is_processed_just_now_says_until_when_an_instance_has_it_and_cannot_be_given_up()
    {
        using var processing = new SimulatedRoutes();
        processing.App.Claim("received");
        var until = processing.App.Account.Now + EventLedger.LeaseTime;

        var html = processing.Get("events/received?confirm=give-up", "text/html").Body;
        var json = JsonElement.Parse(processing.Get("events/received", "application/json").Body);

        Assert.That(html, Does.Contain("An instance has it until <time ").And.Not.Contain("give-up").And.Not.Contain("/erase"));
        Assert.That(json.GetProperty("state").GetString(), Is.EqualTo("Processing"));
        Assert.That(json.GetProperty("leaseUntil").GetDateTimeOffset(), Is.EqualTo(until));
    }

    [TestCase("9", false)]
    [TestCase("10", true)]
    [TestCase("3600", true)]
    [TestCase("3601", false)]
    [TestCase("soon", false)]
    public void It_loads_itself_again_at_a_pace_that_storage_can_bear(string seconds, bool isRefreshed) =>
        Assert.That(
            routes.Get($"status?refresh={seconds}", "text/html").Body.Contains($"""<meta http-equiv="refresh" content="{seconds}">""", StringComparison.Ordinal),
            Is.EqualTo(isRefreshed));

    [Test]
    public void Of_many_that_are_to_be_replayed_the_latest_are_shown_and_all_are_counted()
    {
        using var many = new SimulatedRoutes();
        many.Die(23);

        var html = many.Get("events?state=Dead&confirm=replay", "text/html").Body;

        Assert.That(html, Does.Contain("25 dead events").And.Contain("The latest 20 of them"));
        many.Die(200);
        html = many.Get("events?state=Dead&confirm=replay", "text/html").Body;
        Assert.That(html, Does.Contain("225 dead events").And.Contain("The latest 20 of them"));
        html = many.Get("events?state=Dead&error=died&confirm=replay", "text/html").Body;
        Assert.That(html, Does.Contain("200 dead events and perhaps more"));
        Assert.That(many.Get("events?state=Dead", "text/html").Body, Does.Contain("50 of 225 events"));
    }

    private static TestCaseData Page(string file, string path, int status) => new TestCaseData(file, path, status).SetArgDisplayNames(file);
}
