using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using PointWebhooks.Registration;
using PointWebhooks.Tests.Simulation;
using PointWebhooks.Tests.Simulation.Http;
using static PointWebhooks.Tests.Registration.RegisteringApp;

namespace PointWebhooks.Tests.Registration;

/// <summary>What an operator is told when the registration cannot do its work, and what is kept of it.</summary>
internal sealed class RegistrationFailureTests
{
    private readonly FakeLoggerProvider log = new();

    [OneTimeTearDown]
    public void DisposeLog() => log.Dispose();

    [TestCase(404)]
    [TestCase(405)]
    public async Task An_edition_that_cannot_list_is_told_in_every_run_and_this_is_said_once(int status)
    {
        using var said = new FakeLoggerProvider();
        await using var app = await RegisteringApp.StartAsync(log: said);
        UseOldEdition(app, status);
        Assert.That(await app.RegisterAsync(), Has.Property("Result").EqualTo("registered").And.Property("CanList").False);
        Assert.That(await app.RegisterAsync(), Has.Property("Result").EqualTo("in-place").And.Property("RegisteredSince").Not.Null);
        await using var restarted = await RegisteringApp.StartAsync(app.Storage, log: said);
        UseOldEdition(restarted, status);
        await restarted.RegisterAsync();
        Assert.That(app.MethodsSince(0), Is.EqualTo(["GET", "POST", "GET", "POST"]));
        Assert.That(restarted.Point.Endpoints.Keys, Is.EqualTo([Url]));
        Assert.That(said.Collector.GetSnapshot().Count(entry => entry.Id.Id == 42), Is.EqualTo(1));
    }

    [TestCase(401, "does not accept the token of the development token")]
    [TestCase(403, "the development token lacks the app role Point.Admin on the Syskit Point API application")]
    public async Task A_missing_role_is_named_with_the_identity_that_lacks_it(int status, string words)
    {
        await using var app = await RegisteringApp.StartAsync();
        app.Point.Answer = _ => Results.StatusCode(status);
        var record = await app.FailToRegisterAsync();
        Assert.That(record.Error, Does.Contain(words).And.Contain("Point.Admin"));
        Assert.That(app.Point.Calls, Is.EqualTo(1), "it is not tried again");
    }

    [Test]
    public async Task A_web_page_in_place_of_data_points_at_the_address()
    {
        await using var app = await RegisteringApp.StartAsync();
        app.Point.Answer = _ => Results.Content("<html>Sign in</html>", "text/html");
        Assert.That((await app.FailToRegisterAsync()).Error, Does.Contain("a web page instead of data").And.Contain("Point:BaseUrl"));
    }

    // Whether it is registered cannot be seen there: a refusal that is passed over might be of a url that never was.
    [TestCase(400)]
    [TestCase(409)]
    [TestCase(500)]
    public async Task An_edition_that_cannot_list_and_refuses_a_second_registration_is_a_failure_that_says_so(int status)
    {
        await using var app = await RegisteringApp.StartAsync();
        UseOldEdition(app, 404);
        var first = await app.RegisterAsync();
        var list = app.Point.Answer;
        app.Point.Answer = request => request.Method == "POST" ? Results.StatusCode(status) : list(request);

        var again = await app.FailToRegisterAsync();

        Assert.That(again.Error, Does.Contain($"with {status}"));
        Assert.That(again.RegisteredSince, Is.EqualTo(first.RegisteredSince));
    }

    [TestCase("/login")]
    [TestCase("login")]
    public async Task A_redirect_within_the_site_is_named_as_one_too(string location)
    {
        await using var app = await RegisteringApp.StartAsync();
        app.Point.Answer = _ => Results.Redirect(location);
        Assert.That((await app.FailToRegisterAsync()).Error, Does.Contain("with a redirect to another address, which is not followed"));
    }

    [Test]
    public async Task A_redirect_is_not_followed_and_points_at_the_address()
    {
        await using var app = await RegisteringApp.StartAsync();
        app.Point.Answer = request => app.Point.Calls == 1 ? Elsewhere(request) : null;
        var record = await app.FailToRegisterAsync();
        Assert.That(record.Error, Does.Contain("with a redirect to 127.0.0.1, which is not followed").And.Contain("Point:BaseUrl"));
        Assert.That(app.Point.CallLog, Is.EqualTo(["GET /v1.0/webhooks/endpoints"]));
    }

    [Test]
    public async Task The_registration_itself_is_not_sent_where_a_redirect_leads()
    {
        await using var app = await RegisteringApp.StartAsync();
        app.Point.Answer = request => request is { Method: "POST", QueryString.HasValue: false } ? Elsewhere(request) : null;
        Assert.That((await app.FailToRegisterAsync()).Error, Does.Contain("answered POST /v1.0/webhooks/endpoints with a redirect"));
        Assert.That(app.MethodsSince(0), Is.EqualTo(["GET", "POST"]));
        Assert.That(app.Point.Endpoints, Is.Empty);
    }

    [Test]
    public async Task An_answer_that_is_not_JSON_is_said()
    {
        await using var app = await RegisteringApp.StartAsync();
        app.Point.Answer = _ => Results.Text("later", "application/json");
        Assert.That((await app.FailToRegisterAsync()).Error, Does.Contain("not the documented JSON"));
    }

    [TestCase("GET")]
    [TestCase("POST")]
    public async Task Too_many_requests_are_repeated_after_the_time_that_is_asked_for(string method)
    {
        await using var app = await RegisteringApp.StartAsync();
        var times = new List<DateTimeOffset>();
        app.Point.Answer = request =>
        {
            if (request.Method != method)
                return null;
            times.Add(DateTimeOffset.UtcNow);
            request.HttpContext.Response.Headers.RetryAfter = "4";
            return times.Count == 1 ? Results.StatusCode(429) : null;
        };
        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("registered"));
        Assert.That(times[1] - times[0], Is.GreaterThan(TimeSpan.FromSeconds(3.9)));
    }

    [TestCase("GET", true)]
    [TestCase("POST", false)]
    public async Task A_pause_that_is_longer_than_a_run_is_left_to_the_next_run_and_said(string method, bool isKnown)
    {
        await using var app = await RegisteringApp.StartAsync();
        if (isKnown)
            await app.RegisterAsync();
        app.Point.Answer = request =>
        {
            if (request.Method != method)
                return null;
            request.HttpContext.Response.Headers.RetryAfter = "60";
            return Results.StatusCode(429);
        };

        var failed = await app.FailToRegisterAsync();

        Assert.That(failed.Error, Does.Contain($"answered {method} /").And.Contain("with 429: too many calls"));
        Assert.That(failed.RegisteredSince, isKnown ? Is.Not.Null : Is.Null);
    }

    [Test]
    public async Task A_server_that_fails_for_a_moment_is_asked_again()
    {
        await using var app = await RegisteringApp.StartAsync();
        app.Point.Answer = _ => app.Point.Calls == 1 ? Results.StatusCode(502) : null;
        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("registered"));
    }

    [Test]
    public async Task A_POST_that_may_have_been_carried_out_is_not_repeated_in_the_same_run()
    {
        await using var app = await RegisteringApp.StartAsync();
        app.Point.Answer = request => request.Method == "POST" ? Results.StatusCode(503) : null;
        await app.FailToRegisterAsync();
        Assert.That(app.MethodsSince(0), Is.EqualTo(["GET", "POST"]));
        app.Point.Answer = _ => null;
        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("registered"));
    }

    [Test]
    public async Task What_is_known_survives_a_failure_and_a_restart()
    {
        await using var app = await RegisteringApp.StartAsync();
        var registered = await app.RegisterAsync();
        await using var restarted = await RegisteringApp.StartAsync(app.Storage);
        restarted.Point.Answer = _ => Results.StatusCode(403);
        var failed = await restarted.FailToRegisterAsync();
        Assert.That(failed.RegisteredSince, Is.EqualTo(registered.RegisteredSince), "that it was lost is not known");
        Assert.That(failed.CanList, Is.True);
    }

    [Test]
    public async Task What_is_known_of_another_url_does_not_count_for_this_one()
    {
        await using var app = await RegisteringApp.StartAsync();
        var registered = await app.RegisterAsync();
        await using var moved = await RegisteringApp.StartAsync(app.Storage, new() { ["Point:EndpointUrl"] = "http://127.0.0.1:9999/api/webhooks/point" });
        moved.Point.IsOldEdition = true;
        Assert.That(await moved.RegisterAsync(), Has.Property("Result").EqualTo("registered").And.Property("RegisteredSince").GreaterThan(registered.At));
    }

    [Test]
    public async Task A_storage_that_refuses_does_not_keep_the_endpoint_from_being_registered()
    {
        using var said = new FakeLoggerProvider();
        await using var app = await RegisteringApp.StartAsync(log: said, path: (call, _) => Task.FromResult(
            SimulatedStorage.Refuse(call.Request, new StorageException(403, "AuthenticationFailed", "The key is another."))));
        await app.RunAsync();
        Assert.That(app.Point.Endpoints.Keys, Is.EqualTo([Url]));
        Assert.That(said.Collector.GetSnapshot().Count(entry => entry.Id.Id == 41), Is.EqualTo(2), "once for reading, once for writing");
    }

    [Test]
    public async Task The_query_of_the_url_and_what_the_vendor_says_of_it_are_in_no_log_line_no_error_and_no_record()
    {
        const string Secret = "o74oKsbrgHDI";
        await using var app = await RegisteringApp.StartAsync(settings: new() { ["Point:EndpointUrl"] = $"{Url}?code={Secret}==" }, log: log);
        var records = new List<RegistrationResult> { await app.RegisterAsync() };
        Assert.That(app.Point.Endpoints.Keys, Is.EqualTo([$"{Url}?code={Secret}=="]), "the whole url is registered");
        foreach (var status in new[] { 400, 403, 404 })
        {
            app.Point.Answer = request => request.Method == "GET" ? Results.Text("[]", "application/json")
                : Results.Json(new { exceptionMessage = $"Endpoint {Url}?code={Secret}== was not found." }, statusCode: status);
            records.Add(await app.FailToRegisterAsync());
        }

        app.Point.Answer = _ => Results.Text($"[{{\"endpoint\":\"{Url}?code={Secret}==\",\"types\":7}}]", "application/json");
        records.Add(await app.FailToRegisterAsync());
        Assert.That(Lines(log), Is.Not.Empty);
        Assert.That(Lines(log).Concat(records.Select(record => record.ToString())).Where(line => line.Contains(Secret, StringComparison.Ordinal)), Is.Empty);
        Assert.That(Lines(log).Where(line => line.Contains("Bearer development", StringComparison.Ordinal)), Is.Empty);
        Assert.That(records[0].Url, Is.EqualTo(Url));
    }

    [Test]
    public async Task Each_run_is_counted_by_its_result()
    {
        await using var app = await RegisteringApp.StartAsync();
        var counted = new List<string?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "point.registration.runs" && instrument.Meter.Scope == app.Services.GetRequiredService<IMeterFactory>())
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add(tags[0].Value?.ToString()));
        listener.Start();
        await app.RegisterAsync();
        await app.RegisterAsync();
        app.Point.Answer = _ => Results.StatusCode(403);
        await app.FailToRegisterAsync();
        Assert.That(counted, Is.EqualTo(["registered", "in-place", "failed"]));
    }

    private static void UseOldEdition(RegisteringApp app, int status)
    {
        app.Point.IsOldEdition = true;
        app.Point.Answer = request => request.Method == "GET" ? Results.StatusCode(status) : null;
    }

    private static IResult Elsewhere(HttpRequest request) =>
        Results.Redirect($"{request.Scheme}://{request.Host}{request.Path}?elsewhere", preserveMethod: true);

    private static List<string> Lines(FakeLoggerProvider log) =>
        [.. log.Collector.GetSnapshot().Select(entry => $"{entry.Message} {entry.Exception}")];
}
