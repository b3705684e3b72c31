using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Handlers;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Simulator.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Simulator;

/// <summary>What <c>check</c> sees, against the app itself.</summary>
internal sealed class DeploymentCheckTests
{
    private const string FunctionKey = "LocalHost asks for none";

    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private readonly List<string> told = [];

    [SetUp]
    public void Forget() => told.Clear();

    [Test]
    public async Task A_good_deployment_is_seen_to_complete_an_event()
    {
        await using var app = await TestApp.StartAsync();

        var isGood = await CheckAsync(app.Http, app.Point.SignatureKey, null, Enough);

        Assert.That(isGood, Is.True, string.Join('\n', told));
        Assert.That(told, Has.Some.EqualTo("GET /api/health answers 200.").And.Some.EndsWith("answers 200, Completed."));
        Assert.That(app.Records.Handled.Single().Event.Type, Is.EqualTo(DeploymentCheck.EventType));
    }

    [Test]
    public async Task Without_keys_the_health_alone_is_checked_and_that_is_said()
    {
        await using var app = await TestApp.StartAsync();

        var isGood = await CheckAsync(app.Http, null, null, Enough);

        Assert.That(isGood, Is.True);
        Assert.That(told, Has.Some.StartsWith("The registration was not checked").And.Some.StartsWith("No event was sent"));
    }

    [Test]
    public async Task With_a_function_key_the_registration_and_its_url_are_checked()
    {
        await using var registered = await TestApp.StartAsync(isTiming: false);
        await using var app = await StartAsync(registered.Receiver.ToString());
        await app.RunTimerAsync("RegisterEndpoint");

        var isGood = await CheckAsync(app.Http, null, FunctionKey, Enough);

        Assert.That(isGood, Is.True, string.Join('\n', told));
        Assert.That(told, Has.Some.Match("GET /api/status answers 200, version .+, registration registered, at 20.+"));
        Assert.That(told, Has.Some.Match("POST http://.+, unsigned, answers 401, signature-missing"));
    }

    [Test]
    public async Task A_registered_url_that_leads_elsewhere_fails_the_check_and_its_query_is_not_repeated()
    {
        await using var elsewhere = await PointServer.StartAsync(new SimulatedPoint(), 0, CancellationToken.None);
        await using var app = await StartAsync($"{elsewhere.Urls.Single()}/api/webhooks/point?code=k3y-of-the-url");
        await app.RunTimerAsync("RegisterEndpoint");

        var isGood = await CheckAsync(app.Http, null, FunctionKey, Enough);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain("answers 404: the registered url does not lead to this app"));
        Assert.That(told, Has.None.Contains("k3y-of-the-url"));
    }

    [Test]
    public async Task An_app_that_has_never_registered_fails_the_check()
    {
        await using var app = await StartAsync("http://127.0.0.1:9/api/webhooks/point");

        var isGood = await CheckAsync(app.Http, null, FunctionKey, Enough);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain("RegisterEndpoint has not run yet"));
    }

    [Test]
    public async Task A_registration_that_failed_fails_the_check_with_its_reason()
    {
        await using var app = await TestApp.StartAsync(isTiming: false);
        app.Point.Answer = _ => Results.StatusCode(403);
        await app.RunTimerAsync("RegisterEndpoint");

        var isGood = await CheckAsync(app.Http, null, FunctionKey, Enough);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Match("registration failed, at 20.+: .+"));
    }

    [Test]
    public async Task A_registration_of_hours_ago_fails_the_check()
    {
        await using var app = await FakeApp.StartAsync();
        app.Registration = (DateTimeOffset.UtcNow.AddHours(-3), "in-place", null, app.Version);
        using var http = new HttpClient { BaseAddress = app.Url };

        var isGood = await CheckAsync(http, null, FakeApp.MasterKey, Enough);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain("RegisterEndpoint runs no more"));
    }

    [Test]
    public async Task A_registration_that_the_next_run_has_not_replaced_yet_is_fine()
    {
        await using var app = await FakeApp.StartAsync();
        app.Registration = (DateTimeOffset.UtcNow.AddMinutes(-90), "in-place", null, app.Version);
        using var http = new HttpClient { BaseAddress = app.Url };

        var isGood = await CheckAsync(http, "any", FakeApp.MasterKey, Enough);

        Assert.That(isGood, Is.True, string.Join('\n', told));
        Assert.That(told[^1], Does.EndWith("answers 200, Completed."), "the function key goes to the event, too");
    }

    [Test]
    public async Task A_wrong_signature_key_fails_the_check_with_the_reason_code()
    {
        await using var app = await TestApp.StartAsync(isTiming: false);

        var isGood = await CheckAsync(app.Http, "not the key", null, Enough);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain("answers 401, signature-mismatch"));
    }

    [TestCase(503)]
    [TestCase(403, 200)]
    public async Task A_signed_event_that_is_not_taken_at_first_or_was_taken_before_is_no_failure(params int[] statuses)
    {
        await using var app = await FakeApp.StartAsync();
        app.FunctionKey = null!;
        app.Answer("POST /api/webhooks/point", statuses);
        using var http = new HttpClient { BaseAddress = app.Url };

        Assert.That(await CheckAsync(http, "any", null, Enough), Is.True, string.Join('\n', told));
    }

    [Test]
    public async Task A_wrong_function_key_fails_the_check_at_once()
    {
        await using var app = await FakeApp.StartAsync();
        using var http = new HttpClient { BaseAddress = app.Url };

        var isGood = await CheckAsync(http, null, "another", Enough);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain("answers 401: the function key"));
    }

    [Test]
    public async Task An_app_that_asks_for_a_function_key_that_was_not_given_fails_the_check_of_its_event_at_once()
    {
        await using var app = await FakeApp.StartAsync();
        using var http = new HttpClient { BaseAddress = app.Url };

        var isGood = await CheckAsync(http, "any", null, Enough);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.StartWith("GET /api/events/").And.EndsWith(" answers 401: the app asks for a function key."));
    }

    [Test]
    public async Task An_event_that_is_not_processed_fails_the_check_when_the_time_is_up()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false);

        // The limit is that of a clock that goes on with each look at it, however long an answer takes.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(20) };
        var isGood = await CheckAsync(app.Http, app.Point.SignatureKey, null, new Steps(told.Add, Short, TimeSpan.Zero, time));

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain("answers 200, Received. Gave up after 1 s."));
    }

    [Test]
    public async Task A_dead_event_fails_the_check_at_once_with_its_error()
    {
        await using var app = await TestApp.StartAsync();
        app.Records.BeforeEach = (_, _) => throw new PermanentFailureException("The ticket system is gone.");

        var isGood = await CheckAsync(app.Http, app.Point.SignatureKey, null, Enough);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain("answers 200, Dead: ").And.Contain("The ticket system is gone."));
    }

    [Test]
    public async Task A_server_that_is_silent_does_not_outlast_the_time_limit()
    {
        using var server = OddServer.Silent();
        using var http = new HttpClient { BaseAddress = server.Url };

        var isGood = await CheckAsync(http, null, null, Short);

        Assert.That(isGood, Is.False);
        Assert.That(told.Single(), Is.EqualTo("GET /api/health has not answered. Gave up after 1 s."));
    }

    [Test]
    public async Task A_page_in_place_of_the_status_fails_the_check()
    {
        using var server = OddServer.Answering("200 OK\r\nContent-Type: text/html", "<html>Sign in</html>");
        using var http = new HttpClient { BaseAddress = server.Url };

        var isGood = await CheckAsync(http, null, FunctionKey, Enough);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Is.EqualTo("GET /api/status answers 200, with text/html: that is not the status of this app."));
    }

    private static Task<TestApp> StartAsync(string endpointUrl) => TestApp.StartAsync(
        settings: new() { ["Point:EndpointUrl"] = endpointUrl }, isTiming: false);

    private Task<bool> CheckAsync(HttpClient http, string? signatureKey, string? functionKey, TimeSpan limit) =>
        CheckAsync(http, signatureKey, functionKey, new Steps(told.Add, limit, TimeSpan.FromMilliseconds(50), TimeProvider.System));

    private static Task<bool> CheckAsync(HttpClient http, string? signatureKey, string? functionKey, Steps steps) =>
        new DeploymentCheck(http, steps).RunAsync(signatureKey, functionKey, CancellationToken.None);
}
