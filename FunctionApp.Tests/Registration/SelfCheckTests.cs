using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Registration;
using PointWebhooks.Settings;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Registration;

/// <summary>What the app finds at its own url, with a server of the test's own there.</summary>
internal sealed class SelfCheckTests
{
    private static readonly object Missing = new { reason = "signature-missing" };

    [Test]
    public async Task This_apps_own_refusal_with_its_mark_is_right() =>
        Assert.That(await CheckAsync((context, options) => Refuse(context, EndpointMark.Of(options))), Is.Null);

    [Test]
    public async Task Another_deployment_of_this_app_is_told_from_this_one() =>
        Assert.That(await CheckAsync((context, _) => Refuse(context, "0123456789abcdef")), Does.Contain("another deployment of this app"));

    [Test]
    public async Task A_url_where_nothing_receives_is_named() => Assert.That(
        await CheckAsync((_, _) => Results.NotFound()), Does.Contain("answers 404").And.Contain("/api/webhooks/point"));

    [TestCase(200, "text/html", "<html>Sign in</html>")]
    [TestCase(401, "application/json", """{"reason":"something else"}""")]
    [TestCase(401, "application/json", "not JSON")]
    [TestCase(401, "application/json", "[]")]
    [TestCase(202, "application/json", """{"status":"accepted"}""")]
    [TestCase(401, "text/html", """{"reason":"signature-missing"}""")]
    [TestCase(400, "text/plain", "")]
    [TestCase(500, "text/plain", "")]
    public async Task Whatever_else_answers_there_is_named(int status, string type, string body) => Assert.That(
        await CheckAsync((_, _) => Results.Text(body, type, statusCode: status)),
        Does.Contain($"answers {status}, not as this app does").And.EndsWith("and let anonymous POST requests through to this app."));

    [TestCase(64 * 1024, true)]
    [TestCase((64 * 1024) + 1, false)]
    public async Task No_more_of_an_answer_is_read_than_this_app_ever_gives(int length, bool isRead)
    {
        var body = """{"reason":"signature-missing"}""".PadRight(length);

        var problem = await CheckAsync((context, options) =>
        {
            context.Response.Headers[EndpointMark.Header] = EndpointMark.Of(options);
            return Results.Text(body, "application/json", statusCode: 401);
        });

        Assert.That(problem, isRead ? Is.Null : Does.Contain(" answers more than 64 KiB, not as this app does. "));
    }

    [Test]
    public async Task A_redirect_is_not_followed() => Assert.That(
        await CheckAsync((_, _) => Results.Redirect("https://login.contoso.example/?code=secret")),
        Does.Contain("redirects to login.contoso.example").And.Not.Contain("secret"));

    [TestCase(null)]
    [TestCase("/login?code=secret")]
    public async Task A_redirect_that_names_no_host_is_one_all_the_same(string? location) => Assert.That(
        await CheckAsync((_, _) => location is null ? Results.StatusCode(300) : Results.Redirect(location)), Does.Contain("redirects to another address. Set Point:EndpointUrl"));

    [Test]
    public async Task A_url_that_cannot_be_reached_is_named_without_its_query()
    {
        var problem = await RunAsync("http://127.0.0.1:1/api/webhooks/point?code=secret");
        Assert.That(problem, Does.StartWith("http://127.0.0.1:1/api/webhooks/point cannot be reached").And.Not.Contain("secret"));
    }

    [Test]
    public async Task A_url_that_does_not_answer_within_ten_seconds_is_named()
    {
        var time = new FakeTimeProvider();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var check = RunAsync($"http://{silent.LocalEndpoint}/api/webhooks/point", time);
        using var connection = await silent.AcceptTcpClientAsync();

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(check.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That(await check, Does.Contain("did not answer within 10 s. Check Point:EndpointUrl"));
    }

    [Test]
    public async Task Who_leaves_is_told_nothing_and_nothing_is_logged()
    {
        using var log = new FakeLoggerProvider();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var gone = new CancellationTokenSource();
        var check = RunAsync($"http://{silent.LocalEndpoint}/api/webhooks/point", log: log, cancellationToken: gone.Token);
        using var connection = await silent.AcceptTcpClientAsync();

        await gone.CancelAsync();

        Assert.That(async () => await check, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(log.Collector.GetSnapshot().Where(entry => entry.Id == 46), Is.Empty);
    }

    [Test]
    public async Task What_is_wrong_is_logged_as_an_error()
    {
        using var log = new FakeLoggerProvider();

        var problem = await RunAsync("http://127.0.0.1:1/api/webhooks/point", log: log);

        var entry = log.Collector.GetSnapshot().Single(entry => entry.Id == 46);
        Assert.That((entry.Level, entry.Message), Is.EqualTo((LogLevel.Error, $"The registered url does not lead to this app: {problem}")));
    }

    [Test]
    public async Task An_operator_can_ask_for_it()
    {
        await using var app = await TestApp.StartAsync(
            settings: new() { ["Point:EndpointUrl"] = "http://127.0.0.1:1/api/webhooks/point" }, isProcessing: false, isTiming: false);

        using var answer = await app.Http.PostAsync("/api/self-check", null);

        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(said.GetProperty("isRight").GetBoolean(), Is.False);
        Assert.That(said.GetProperty("problem").GetString(), Does.Contain("cannot be reached"));
    }

    [TestCase(false, "SelfCheckWrong")]
    [TestCase(true, "SelfCheckRight")]
    public async Task A_browser_comes_back_to_the_status_page_which_says_what_came_of_it(bool leadsHere, string notice)
    {
        Uri? receiver = null;
        await using var app = await TestApp.StartAsync(
            settings: new() { ["Point:EndpointUrl"] = "http://127.0.0.1:1/api/webhooks/point" },
            isProcessing: false,
            isTiming: false,
            configure: services => services.AddHttpClient(SelfCheck.ClientName).AddHttpMessageHandler(() => new Leading(receiver)));
        receiver = leadsHere ? app.Receiver : null;
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/self-check?code=abc");
        request.Headers.Accept.ParseAdd("text/html");

        using var answer = await http.SendAsync(request);

        Assert.That(
            (answer.StatusCode, answer.Headers.Location?.ToString()),
            Is.EqualTo((HttpStatusCode.SeeOther, $"status?replay={notice}&code=abc")));
    }

    [Test]
    public async Task A_registration_whose_url_leads_elsewhere_has_failed_and_says_why()
    {
        await using var app = await RegisteringApp.StartAsync(settings: new()
        {
            ["Point:SelfCheck"] = "true",
            ["Point:EndpointUrl"] = "http://127.0.0.1:1/api/webhooks/point",
        });

        var record = await app.FailToRegisterAsync();

        Assert.That(record.Error, Does.StartWith("The endpoint is registered, but does not lead to this app."));
    }

    [Test]
    public async Task A_registration_whose_url_leads_elsewhere_is_known_since_the_run_that_made_it()
    {
        const string EndpointUrl = "http://127.0.0.1:1/api/webhooks/point";
        await using var app = await RegisteringApp.StartAsync(settings: new()
        {
            ["Point:SelfCheck"] = "true",
            ["Point:EndpointUrl"] = EndpointUrl,
        });

        var first = await app.FailToRegisterAsync();
        app.Point.Remove(EndpointUrl);
        var second = await app.FailToRegisterAsync();

        Assert.That(first.RegisteredSince, Is.Not.Null);
        Assert.That(second.RegisteredSince, Is.GreaterThan(first.At), "between them events had nowhere to go");
    }

    private static IResult Refuse(HttpContext context, string mark)
    {
        context.Response.Headers[EndpointMark.Header] = mark;
        return Results.Json(Missing, statusCode: 401);
    }

    private static async Task<string?> CheckAsync(Func<HttpContext, PointOptions, IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Map("{**path}", (HttpContext context) =>
        {
            var options = new PointOptions { EndpointUrl = server.Urls.Single() + PointOptions.ReceiverPath };
            Assert.That(context.Request.Headers.ContainsKey("Signature"), Is.False);
            Assert.That(
                (context.Request.Headers[EndpointMark.Header].ToString(), context.Request.ContentLength),
                Is.EqualTo((EndpointMark.Of(options), 2L)), "it is known as the app's own, and has a body as an event has");
            return answer(context, options);
        });
        await server.StartAsync();
        return await RunAsync(server.Urls.Single() + PointOptions.ReceiverPath);
    }

    private static async Task<string?> RunAsync(
        string endpointUrl, TimeProvider? time = null, FakeLoggerProvider? log = null, CancellationToken cancellationToken = default)
    {
        var settings = ValidSettings.With(
            ("Point:BaseUrl", "http://127.0.0.1:9"), ("Point:EndpointUrl", endpointUrl), ("Point:DevelopmentToken", "development"));
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log ?? new FakeLoggerProvider()))
            .AddSingleton(time ?? TimeProvider.System)
            .AddPointWebhooks(settings)
            .BuildServiceProvider();
        return await services.GetRequiredService<SelfCheck>().RunAsync(cancellationToken);
    }

    // The port of an app is not known before it has read its settings: what it calls is led there behind its back.
    private sealed class Leading(Uri? to) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = to ?? request.RequestUri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
