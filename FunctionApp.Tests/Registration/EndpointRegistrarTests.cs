using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Functions;
using PointWebhooks.Simulator;
using PointWebhooks.Telemetry;
using static PointWebhooks.Tests.Registration.RegisteringApp;

namespace PointWebhooks.Tests.Registration;

/// <summary>What a run of the registration does to what is registered, against a simulated Syskit Point over HTTP.</summary>
internal sealed class EndpointRegistrarTests
{
    private const string Other = "https://other.example/api/webhooks/point";

    private static readonly string[] All = ["*"];

    private RegisteringApp app = null!;

    [SetUp]
    public async Task StartAsync() => app = await RegisteringApp.StartAsync();

    [TearDown]
    public async Task StopAsync() => await app.DisposeAsync();

    [Test]
    public async Task From_nothing_the_endpoint_is_registered_for_all_types_and_verified()
    {
        var record = await app.RegisterAsync();
        Assert.That(record, Has.Property("Result").EqualTo("registered").And.Property("CanList").True.And.Property("Error").Null);
        Assert.That((record.RegisteredSince, record.Version), Is.EqualTo(((DateTimeOffset?)record.At, AppInstance.Version)));
        Assert.That(app.Point.Endpoints[Url], Is.EqualTo(All));
        Assert.That(app.MethodsSince(0), Is.EqualTo(["GET", "POST", "GET"]));
    }

    [Test]
    public async Task The_timer_function_registers()
    {
        await using var scope = app.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<Timers>(scope.ServiceProvider).RegisterAsync(new TimerInfo(), CancellationToken.None);
        Assert.That(app.Point.Endpoints.Keys, Is.EqualTo([Url]));
    }

    [Test]
    public async Task What_is_in_place_is_left_alone()
    {
        var first = await app.RegisterAsync();
        var calls = app.Point.Calls;
        var second = await app.RegisterAsync();
        Assert.That(app.MethodsSince(calls), Is.EqualTo(["GET"]));
        Assert.That(second.Result, Is.EqualTo("in-place"));
        Assert.That(second.RegisteredSince, Is.EqualTo(first.RegisteredSince));
        Assert.That(second.At, Is.GreaterThan(first.At));
    }

    [TestCase(SecondPost.Updates, "GET POST GET")]
    [TestCase(SecondPost.Duplicates, "GET POST GET DELETE DELETE POST GET")]
    [TestCase(SecondPost.IsIgnored, "GET POST GET DELETE POST GET")]
    [TestCase(SecondPost.Fails, "GET POST GET DELETE POST GET")]
    public async Task Other_types_are_repaired_whatever_a_second_POST_does(SecondPost secondPost, string calls)
    {
        app.Point.Register(Other, "ProvisioningFailed");
        app.Point.Register(Url, "ProvisioningFailed");
        app.Point.SecondPost = secondPost;
        var record = await app.RegisterAsync();
        Assert.That(record.Result, Is.EqualTo("repaired"));
        Assert.That(app.Point.Registered.Select(endpoint => $"{endpoint.Key} {string.Join(' ', endpoint.Value)}"), Is.EqualTo([$"{Other} ProvisioningFailed", $"{Url} *"]));
        Assert.That(string.Join(' ', app.MethodsSince(0)), Is.EqualTo(calls));
    }

    [TestCase(400)]
    [TestCase(409)]
    [TestCase(422)]
    [TestCase(500)]
    public async Task A_second_POST_that_is_refused_as_such_leads_to_the_DELETE(int status)
    {
        RegisterOtherTypesAndRefuseFirstPost(status);

        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("repaired"));

        Assert.That((app.Point.Endpoints[Url], app.MethodsSince(0)), Is.EqualTo((All, new[] { "GET", "POST", "GET", "DELETE", "POST", "GET" })));
    }

    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(503)]
    public async Task A_second_POST_that_fails_otherwise_leaves_the_endpoint_as_it_is(int status)
    {
        RegisterOtherTypesAndRefuseFirstPost(status);

        await app.FailToRegisterAsync();

        Assert.That(app.Point.Endpoints[Url], Is.EqualTo(["ProvisioningFailed"]));
        Assert.That(app.MethodsSince(0), Is.EqualTo(["GET", "POST"]));
    }

    [Test]
    public async Task A_POST_that_fails_after_the_DELETE_is_tried_again()
    {
        app.Point.Register(Url, "ProvisioningFailed");
        app.Point.SecondPost = SecondPost.IsIgnored;
        app.Point.Answer = request => request.Method == "POST" && app.Point.CallLog.Count(call => call.StartsWith("POST", StringComparison.Ordinal)) is 2 or 3
            ? Results.StatusCode(503)
            : null;
        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("repaired"));
        Assert.That(app.Point.Endpoints[Url], Is.EqualTo(All));
    }

    [Test]
    public async Task It_is_registered_since_it_was_last_missing_and_not_since_before()
    {
        var first = await app.RegisterAsync();
        var inPlace = await app.RegisterAsync();
        var asked = app.Point.Calls;
        app.Point.Answer = request => request.Method == "GET" && app.Point.Calls == asked + 1 ? Listing("[]") : null;

        var again = await app.RegisterAsync();

        Assert.That((inPlace.Result, inPlace.RegisteredSince), Is.EqualTo(("in-place", first.RegisteredSince)));
        Assert.That(inPlace.At, Is.GreaterThan(first.At));
        Assert.That((again.Result, again.RegisteredSince), Is.EqualTo(("registered", (DateTimeOffset?)again.At)), "between them events had nowhere to go");
    }

    [Test]
    public async Task A_repair_that_is_in_vain_is_said_and_not_tried_again()
    {
        app.Point.Answer = request => request.Method == "GET" ? Listing($$"""[{"endpoint":"{{Url}}","types":["ProvisioningFailed"]}]""") : null;
        var failed = await app.FailToRegisterAsync();
        Assert.That(failed.Error, Does.Contain("asked for *, listed ProvisioningFailed").And.Contain("Point:EventTypes"));
        var calls = app.Point.Calls;
        await app.FailToRegisterAsync();
        Assert.That(app.MethodsSince(calls), Is.EqualTo(["GET"]), "to remove it every hour would lose events");
    }

    [Test]
    public async Task What_was_in_vain_is_known_again_in_whatever_order_the_types_are_listed()
    {
        var types = "\"ProvisioningFailed\",\"ProvisioningCompleted\"";
        app.Point.Answer = request => request.Method == "GET" ? Listing($$"""[{"endpoint":"{{Url}}","types":[{{types}}]}]""") : null;
        var failed = await app.FailToRegisterAsync();
        Assert.That(failed.Error, Does.Contain("asked for *, listed ProvisioningCompleted, ProvisioningFailed. "));

        (types, var calls) = ("\"ProvisioningCompleted\",\"ProvisioningFailed\"", app.Point.Calls);
        await app.FailToRegisterAsync();

        Assert.That(app.MethodsSince(calls), Is.EqualTo(["GET"]));
    }

    [Test]
    public async Task Earlier_urls_of_this_app_are_removed_once_the_new_one_is_verified_and_nobody_elses()
    {
        string[] others = [Other, Url + "/else", "http://127.0.0.1:7070/api/webhooks/point?code=old", "https://127.0.0.1:7071/api/webhooks/point?code=old", "not a url"];
        foreach (var other in others)
            app.Point.Register(other, "*");
        app.Point.Register(Url + "?code=old", "*");
        app.Point.Register(Url + "?code=older", "*");
        var record = await app.RegisterAsync();
        Assert.That(app.Point.Registered.Select(endpoint => endpoint.Key), Is.EqualTo([.. others, Url]));
        Assert.That(app.MethodsSince(0), Is.EqualTo(["GET", "POST", "GET", "DELETE", "DELETE"]));
        Assert.That(record.Result, Is.EqualTo("registered"));
    }

    [Test]
    public async Task Another_case_of_the_query_is_another_secret()
    {
        await app.DisposeAsync();
        app = await RegisteringApp.StartAsync(settings: new() { ["Point:EndpointUrl"] = $"{Url}?code=abc" });
        app.Point.Register($"{Url}?code=ABC", "*");

        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("registered"));

        Assert.That(app.Point.Endpoints.Keys, Is.EqualTo([$"{Url}?code=abc"]));
    }

    [Test]
    public async Task An_earlier_url_that_is_gone_already_counts_as_removed()
    {
        await app.RegisterAsync();
        app.Point.Register(Url + "?code=old", "*");
        app.Point.Answer = request => request.Method == "DELETE" ? Results.StatusCode(404) : null;
        Assert.That(await app.RegisterAsync(), Has.Property("Result").EqualTo("repaired").And.Property("Error").Null);
    }

    [Test]
    public async Task An_earlier_url_that_cannot_be_removed_is_said_and_does_not_fail_the_registration()
    {
        app.Point.Register(Url + "?code=old", "*");
        app.Point.Answer = request => request.Method == "DELETE" ? Results.StatusCode(400) : null;
        var record = await app.RegisterAsync();
        Assert.That(record.Result, Is.EqualTo("registered"));
        Assert.That(record.Error, Is.EqualTo("An earlier url of this app is still registered. Syskit Point answered DELETE /v1.0/webhooks/endpoints with 400."));
    }

    [TestCase("""[{"endpoint":"HTTP://127.0.0.1:7071/api/webhooks/point/","types":["*"]}]""", TestName = "A slash at the end and another case of the scheme are the same url")]
    [TestCase("""[{"endpoint":"http://127.0.0.1:7071/API/Webhooks/POINT","types":["*"]}]""", TestName = "Another case of the path is the same url")]
    [TestCase("""[{"endpoint":"http://127.0.0.1:7071/api/webhooks/point","types":"*"}]""", TestName = "Types as one text are understood")]
    [TestCase("""[{"Endpoint":"http://127.0.0.1:7071/api/webhooks/point","Types":[ * ]}]""", TestName = "A star without quotes and other cases are understood")]
    [TestCase("""[null,{"id":7},{"endpoint":"http://127.0.0.1:7071/api/webhooks/point","types":["ProvisioningFailed","*"],"more":{}}]""", TestName = "What is not documented is passed over")]
    [TestCase("\uFEFF" + """[{"endpoint":"http://127.0.0.1:7071/api/webhooks/point","types":["*"]}]""", TestName = "A byte order mark is no part of a listing")]
    public async Task Odd_listings_of_what_is_in_place(string listing)
    {
        app.Point.Answer = request => request.Method == "GET" ? Listing(listing) : null;
        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("in-place"));
        Assert.That(app.MethodsSince(0), Is.EqualTo(["GET"]));
    }

    [TestCase("utf8")]
    [TestCase("windows-1252")]
    [TestCase("\"utf-8\"")]
    public async Task A_listing_is_read_whatever_charset_it_names(string charset)
    {
        var listing = Encoding.UTF8.GetBytes($$"""[{"endpoint":"{{Url}}","types":["*"]}]""");
        app.Point.Answer = request => request.Method == "GET" ? Results.Bytes(listing, $"application/json; charset={charset}") : null;
        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("in-place"));
    }

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("")]
    public async Task Odd_listings_of_nothing_are_nothing(string listing)
    {
        app.Point.Answer = request => request.Method == "GET" && app.Point.Endpoints.Count == 0 ? Listing(listing) : null;
        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("registered"));
    }

    [Test]
    public async Task Types_are_the_same_in_any_order_and_case()
    {
        await app.DisposeAsync();
        app = await RegisteringApp.StartAsync(settings: new() { ["Point:EventTypes:0"] = "ProvisioningFailed", ["Point:EventTypes:1"] = "ProvisioningStarted" });
        app.Point.Register(Url, "provisioningstarted", "PROVISIONINGFAILED");
        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("in-place"));
    }

    [Test]
    public async Task A_url_that_is_accepted_and_not_listed_is_a_failure()
    {
        app.Point.Answer = request => request.Method == "POST" ? Results.Text("null", "application/json") : null;
        Assert.That(await app.FailToRegisterAsync(), Has.Property("RegisteredSince").Null.And.Property("Error").Contains("does not list it"));
    }

    private void RegisterOtherTypesAndRefuseFirstPost(int status)
    {
        app.Point.Register(Url, "ProvisioningFailed");
        app.Point.Answer = request => request.Method == "POST" && app.MethodsSince(0).Count(method => method == "POST") == 1
            ? Results.StatusCode(status)
            : null;
    }

    private static IResult Listing(string json) => Results.Text(json, "application/json");
}
