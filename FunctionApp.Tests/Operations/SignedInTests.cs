using System.Net;
using PointWebhooks.Ledger;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Tests.Operations.Pages;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>Who has signed in needs no key, and everybody else gets nothing by saying so.</summary>
internal sealed class SignedInTests
{
    private const string Name = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const string Provider = "X-MS-CLIENT-PRINCIPAL-IDP";

    private static readonly (string, string)[] Ada = [(Name, "ada@contoso.example"), (Provider, "aad")];

    private static IEnumerable<TestCaseData> KeyRoutes =>
        from function in FunctionDescriptor.All
        let http = function.Trigger as HttpTrigger
        where http is { AuthLevel: "Function" }
        from method in http.Methods
        select new TestCaseData(method, http.Route).SetArgDisplayNames(function.Name);

    private TestApp app = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        app = await StartAsync(isOn: true, isAsked: true);
        await SampleLedger.KeepAsync(app, "waiting", EventState.Received);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await app.DisposeAsync();

    [TestCaseSource(nameof(KeyRoutes))]
    public async Task Every_route_with_a_key_is_one_without_for_who_has_signed_in(string method, string route)
    {
        using var answer = await SendAsync(app, method, route.Replace("{id}", "nothing", StringComparison.Ordinal), Ada);
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.Not.Empty, $"{answer.StatusCode}: it is a route, whatever it answers");
    }

    [Test]
    public async Task The_name_is_in_the_history_of_what_was_pressed()
    {
        using var answer = await SendAsync(app, "POST", $"events/{EventId.Of("ProvisioningCompleted", "waiting")}/give-up", Ada);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await app.EventAsync("waiting")).GetProperty("history").EnumerateArray().Last().GetProperty("by").GetString(), Is.EqualTo("ada@contoso.example"));
    }

    [Test]
    public async Task Another_site_presses_nothing_for_who_has_signed_in()
    {
        using var answer = await SendAsync(app, "POST", "events/replay?state=dead", [.. Ada, ("Sec-Fetch-Site", "cross-site")]);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_browser_is_sent_to_sign_in_and_comes_back()
    {
        using var answer = await SendAsync(app, "GET", "events?state=Dead", [("Accept", "text/html")]);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(
            answer.Headers.Location?.ToString(),
            Is.EqualTo("/.auth/login/aad?post_login_redirect_uri=%2Fapi%2Fsigned-in%2Fevents%3Fstate%3DDead"));
    }

    [TestCase("GET", "status")]
    [TestCase("POST", "events/replay?state=dead")]
    [TestCase("GET", "status", Name, "ada@contoso.example", TestName = "A name alone is nobody")]
    [TestCase("GET", "status", Provider, "aad", TestName = "A provider alone is nobody")]
    [TestCase("GET", "status", Name, "ada", Provider, "google", TestName = "Somebody whom another provider knows is nobody")]
    [TestCase("GET", "status", Name, "", Provider, "aad", TestName = "An empty name is nobody")]
    public async Task A_program_that_has_not_signed_in_is_refused(string method, string path, params string[] headers)
    {
        using var answer = await SendAsync(app, method, path, [.. headers.Chunk(2).Select(header => (header[0], header[1]))]);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase(false, true, TestName = "Where the platform does not authenticate, anybody may write the headers")]
    [TestCase(true, false, TestName = "Where it lets in others than operators, it is not asked for")]
    public async Task It_is_closed(bool isOn, bool isAsked)
    {
        await using var closed = await StartAsync(isOn, isAsked);
        await SampleLedger.KeepAsync(closed, "waiting", EventState.Received);

        using var page = await SendAsync(closed, "GET", "status", [.. Ada, ("Accept", "text/html")]);
        Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        using var pressed = await SendAsync(closed, "POST", "events/waiting/give-up", Ada);
        Assert.That(pressed.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await closed.EventAsync("waiting")).GetProperty("state").GetString(), Is.EqualTo("Received"));
    }

    private static Task<TestApp> StartAsync(bool isOn, bool isAsked) => TestApp.StartAsync(
        settings: new()
        {
            ["WEBSITE_AUTH_ENABLED"] = isOn ? "True" : null,
            ["Operations:SignIn"] = isAsked ? "true" : null,
        },
        isProcessing: false,
        isTiming: false);

    private static async Task<HttpResponseMessage> SendAsync(
        TestApp to, string method, string path, IReadOnlyList<(string Name, string Value)> headers)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = to.Http.BaseAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/signed-in/" + path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }
}
