using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Simulator.Support;

namespace PointWebhooks.Tests.Simulator;

/// <summary>What follows a deployment, against an app whose roles, keys and code have not spread everywhere.</summary>
internal sealed class AfterDeploymentTests
{
    private const string Admin = "POST /admin/functions/RegisterEndpoint";
    private const string FunctionKey = "a-key-for-functions";

    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    private readonly List<string> told = [];
    private FakeApp app = null!;

    [SetUp]
    public async Task StartAsync()
    {
        told.Clear();
        app = await FakeApp.StartAsync();
        app.FunctionKey = FunctionKey;
    }

    [TearDown]
    public async Task StopAsync() => await app.DisposeAsync();

    [Test]
    public async Task It_registers_and_sees_the_version_the_url_and_an_event()
    {
        var isGood = await RunAsync(Enough, expectedVersion: "c0ffee", signatureKey: "any");

        Assert.That(isGood, Is.True, string.Join('\n', told));
        Assert.That(app.Asked(Admin), Is.EqualTo(1));
        Assert.That(told, Has.Some.StartsWith("RegisterEndpoint says registered, at 20"));
        Assert.That(told, Has.Some.EqualTo("GET /api/status answers 200, version 0.1.0+c0ffee."));
        Assert.That(told, Has.Some.Contains("unsigned, answers 401, signature-missing"));
        Assert.That(told[^1], Does.EndWith("answers 200, Completed."));
    }

    [TestCase("GET /api/health", 503, 403)]
    [TestCase("GET /api/status", 401, 403, 404, 503)]
    [TestCase(Admin, 401, 403, 404, 500, 502, 503)]
    [TestCase("POST /api/webhooks/point", 403, 503)]
    public async Task What_Azure_answers_for_a_while_is_waited_for(string request, params int[] statuses)
    {
        app.Answer(request, statuses);

        var isGood = await RunAsync(Enough, signatureKey: "any");

        Assert.That(isGood, Is.True, string.Join('\n', told));
        Assert.That(app.Asked(request), Is.GreaterThan(statuses.Length));
    }

    [Test]
    public async Task A_registration_that_fails_while_a_role_spreads_is_started_again()
    {
        app.Registration = (DateTimeOffset.UtcNow.AddHours(-1), "in-place", null, app.Version);
        app.Registrations.Enqueue("failed");
        app.Registrations.Enqueue("failed");

        var isGood = await RunAsync(Enough);

        Assert.That(isGood, Is.True, string.Join('\n', told));
        Assert.That(app.Asked(Admin), Is.EqualTo(3));
    }

    [Test]
    public async Task A_registration_that_the_version_before_ran_is_started_again()
    {
        app.Runners.Enqueue("0.1.0+0ld");

        var isGood = await RunAsync(Enough, expectedVersion: "c0ffee");

        Assert.That(isGood, Is.True, string.Join('\n', told));
        Assert.That(app.Asked(Admin), Is.EqualTo(2));
    }

    [Test]
    public async Task A_registration_that_only_the_version_before_runs_fails()
    {
        for (var i = 0; i < 1000; i++)
            app.Runners.Enqueue("0.1.0+0ld");

        var isGood = await RunUntilTimeIsUpAsync("c0ffee");

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.StartWith("RegisterEndpoint "));
        Assert.That(app.Asked(Admin), Is.GreaterThan(1));
    }

    [Test]
    public async Task A_registration_that_was_lost_with_its_instance_is_started_again()
    {
        app.Runners.Enqueue("");

        // Each look at the clock is a second.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        var begun = time.Start;
        var isGood = await RunAsync(new Steps(told.Add, TimeSpan.FromMinutes(15), TimeSpan.Zero, time), "c0ffee", null);

        Assert.That(isGood, Is.True, string.Join('\n', told));
        Assert.That(app.Asked(Admin), Is.EqualTo(2));
        Assert.That(time.GetUtcNow() - begun, Is.InRange(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4)), "not while one may still run");
    }

    [Test]
    public async Task A_registration_that_goes_on_failing_fails_with_its_reason()
    {
        for (var i = 0; i < 1000; i++)
            app.Registrations.Enqueue("failed");

        var isGood = await RunUntilTimeIsUpAsync();

        Assert.That(isGood, Is.False);
        Assert.That(string.Join('\n', told), Does.Contain("Gave up after 1 s.").And.Contain("RegisterEndpoint "));
    }

    [TestCase("GET /api/health", 503, "GET /api/health answers 503.")]
    [TestCase("GET /api/status", 401, "the key is not the app's, or not known to it yet")]
    [TestCase(Admin, 403, "an access rule, or a role that has not spread yet")]
    [TestCase(Admin, 404, "the app has not loaded its functions yet")]
    public async Task What_does_not_come_right_in_time_fails_with_what_it_is(string request, int status, string said)
    {
        app.Answer(request, Enumerable.Repeat(status, 10_000));

        var isGood = await RunUntilTimeIsUpAsync();

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain(said).And.EndsWith("Gave up after 1 s."));
    }

    [Test]
    public async Task Another_version_than_the_one_deployed_fails()
    {
        var isGood = await RunUntilTimeIsUpAsync(expectedVersion: "deadbeef");

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.StartWith("RegisterEndpoint was run by version 0.1.0+c0ffee instead of deadbeef, at "));
    }

    [Test]
    public async Task A_registered_url_of_something_else_fails()
    {
        using var page = OddServer.Answering("200 OK\r\nContent-Type: text/html", "<html>A gateway</html>");
        app.RegisteredUrl = $"{page.Url}api/webhooks/point?code=k3y-of-the-url";

        var isGood = await RunAsync(Enough);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain("answers 200, with text/html: the registered url does not lead to this app"));
        Assert.That(told, Has.None.Contains("k3y-of-the-url"));
    }

    [Test]
    public async Task No_key_is_ever_said()
    {
        app.Answer(Admin, 401, 403);

        await RunAsync(Enough, signatureKey: "any");

        Assert.That(told, Has.None.Contains(FakeApp.MasterKey));
        Assert.That(told, Has.None.Contains(FunctionKey));
    }

    private Task<bool> RunAsync(TimeSpan limit, string? expectedVersion = null, string? signatureKey = null) =>
        RunAsync(new Steps(told.Add, limit, TimeSpan.FromMilliseconds(20), TimeProvider.System), expectedVersion, signatureKey);

    // The limit is that of a clock that goes on with each look at it, however long an answer takes.
    private Task<bool> RunUntilTimeIsUpAsync(string? expectedVersion = null) => RunAsync(
        new Steps(
            told.Add,
            TimeSpan.FromSeconds(1),
            TimeSpan.Zero,
            new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(20) }),
        expectedVersion,
        null);

    private async Task<bool> RunAsync(Steps steps, string? expectedVersion, string? signatureKey)
    {
        using var http = new HttpClient { BaseAddress = app.Url };
        var keys = new AfterDeployment.Keys(FakeApp.MasterKey, FunctionKey, signatureKey);
        return await new AfterDeployment(http, steps).RunAsync(keys, expectedVersion, CancellationToken.None);
    }
}
