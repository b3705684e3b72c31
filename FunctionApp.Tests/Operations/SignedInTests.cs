using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using PointWebhooks.Ledger;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Tests.Operations.Pages;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>Who has signed in needs no key, and everybody else gets nothing by saying so.</summary>
internal sealed partial class SignedInTests
{
    private const string Handler = nameof(RecordingHandler);
    private const string Name = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const string Provider = "X-MS-CLIENT-PRINCIPAL-IDP";

    private static readonly (string, string)[] Ada = [(Name, "ada@contoso.example"), (Provider, "aad")];

    // By function: words of what it answers here, where nothing is named that there is.
    private static readonly Dictionary<string, string> Said = new()
    {
        ["AcknowledgeCause"] = "cause is not one that a listing returned.",
        ["EraseEvent"] = "There is no such event.",
        ["EraseEventByForm"] = "There is no such event.",
        ["GetEvent"] = "There is no such event.",
        ["GiveUpEvent"] = "There is no such event.",
        ["ListEvents"] = "\"events\": [",
        ["ListEventsAsCsv"] = "\"id\",\"idempotencyKey\"",
        ["PauseHandler"] = "There is no such handler.",
        ["ReplayEvent"] = "There is no such event.",
        ["ReplayEvents"] = "state is not dead.",
        ["ResumeHandler"] = "There is no such handler.",
        ["SelfCheck"] = "\"isRight\": ",
        ["Status"] = "\"signatureKey\": ",
    };

    private static IEnumerable<TestCaseData> KeyRoutes =>
        from function in FunctionDescriptor.All
        let http = function.Trigger as HttpTrigger
        where http is { AuthLevel: "Function" }
        from method in http.Methods
        select new TestCaseData(method, http.Route, Said[function.Name]).SetArgDisplayNames(function.Name);

    private TestApp app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => app = await StartAsync(isOn: true, isAsked: true);

    [OneTimeTearDown]
    public async Task StopAsync() => await app.DisposeAsync();

    [TestCaseSource(nameof(KeyRoutes))]
    public async Task Every_route_with_a_key_is_one_without_for_who_has_signed_in(string method, string route, string said)
    {
        using var answer = await SendAsync(app, method, route.Replace("{id}", "nothing", StringComparison.Ordinal), Ada);
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(said), $"{answer.StatusCode}");
    }

    [TestCase("status", "application/json; charset=utf-8")]
    [TestCase("events", "application/json; charset=utf-8")]
    [TestCase("events?state=Completed", "application/json; charset=utf-8")]
    [TestCase("events.csv", "text/csv; charset=utf-8")]
    [TestCase("events/{id}", "application/json; charset=utf-8")]
    public async Task What_is_shown_is_what_is_shown_with_a_key(string path, string type)
    {
        var id = await SampleLedger.KeepAsync(app, "shown by " + path, EventState.Completed);
        path = path.Replace("{id}", id.Value, StringComparison.Ordinal);

        using var withKey = await app.Http.GetAsync("/api/" + path);
        using var signedIn = await SendAsync(app, "GET", path, Ada);

        Assert.That(signedIn.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(signedIn.Content.Headers.ContentType?.ToString(), Is.EqualTo(type));
        Assert.That(withKey.Content.Headers.ContentType?.ToString(), Is.EqualTo(type));
        Assert.That(await LastingAsync(signedIn), Is.EqualTo(await LastingAsync(withKey)));
    }

    [Test]
    public async Task A_handler_is_paused_and_resumed()
    {
        await PressAsync("POST", $"handlers/{Handler}/pause", HttpStatusCode.OK);
        Assert.That(await IsPausedAsync(), Is.True);

        await PressAsync("POST", $"handlers/{Handler}/resume", HttpStatusCode.OK);
        Assert.That(await IsPausedAsync(), Is.False);
    }

    [TestCase("POST", "/erase")]
    [TestCase("DELETE", "")]
    public async Task A_completed_event_is_erased(string method, string action)
    {
        var id = await SampleLedger.KeepAsync(app, $"erased by {method}", EventState.Completed);

        await PressAsync(method, $"events/{id}{action}", HttpStatusCode.OK);

        Assert.That((await EventAsync(id)).GetProperty("state").GetString(), Is.EqualTo("Forgotten"));
    }

    [Test]
    public async Task The_name_is_in_the_history_of_what_was_pressed()
    {
        var id = await SampleLedger.KeepAsync(app, "given up", EventState.Received);

        await PressAsync("POST", $"events/{id}/give-up", HttpStatusCode.OK);

        Assert.That(await LastAsync(id), Is.EqualTo(("Dead", "ada@contoso.example")));
    }

    [Test]
    public async Task A_dead_event_is_open_again_and_its_history_has_who_replayed_it()
    {
        var id = await SampleLedger.KeepAsync(app, "replayed", EventState.Dead);

        await PressAsync("POST", $"events/{id}/replay", HttpStatusCode.Accepted);

        Assert.That(await LastAsync(id), Is.EqualTo(("Received", "ada@contoso.example")));
    }

    [TestCase("")]
    [TestCase("&all=true")]
    public async Task The_history_of_each_has_who_replayed_all_that_is_dead(string more)
    {
        var ids = new[]
        {
            await SampleLedger.KeepAsync(app, "one of all" + more, EventState.Dead),
            await SampleLedger.KeepAsync(app, "another of all" + more, EventState.Dead),
        };

        await PressAsync("POST", "events/replay?state=dead" + more, HttpStatusCode.OK);

        foreach (var id in ids)
            Assert.That(await LastAsync(id), Is.EqualTo(("Received", "ada@contoso.example")));
    }

    [Test]
    public async Task A_cause_is_listed_with_who_sees_to_it()
    {
        await SampleLedger.KeepAsync(app, "known", EventState.Dead, error: "teams: 404 Not Found");
        var cause = ErrorCause.IdOf("teams: 404 Not Found");

        await PressAsync("POST", $"causes/{cause}/acknowledge", HttpStatusCode.OK);

        var listed = await app.JsonAsync("/api/events?state=Dead");
        var known = listed.GetProperty("dead").GetProperty("causes").EnumerateArray()
            .Single(one => one.GetProperty("cause").GetString() == cause);
        Assert.That(known.GetProperty("knownBy").GetString(), Is.EqualTo("ada@contoso.example"));
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

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(
            answer.Headers.GetValues("Refresh"),
            Is.EqualTo(["0; url=/.auth/login/aad?post_login_redirect_uri=%2Fapi%2Fsigned-in%2Fevents%3Fstate%3DDead"]));
        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True, "or it would be sent there again when it has signed in");
    }

    [TestCase("GET", "status")]
    [TestCase("POST", "events/replay?state=dead")]
    [TestCase("POST", "events/replay?state=dead", "Accept", "text/html", TestName = "A form is not sent to sign in")]
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

    private Task<JsonElement> EventAsync(EventId id) => app.JsonAsync($"/api/events/{id}");

    private async Task<(string? State, string? By)> LastAsync(EventId id)
    {
        var found = await EventAsync(id);
        var last = found.GetProperty("history").EnumerateArray().Last();
        return (found.GetProperty("state").GetString(), last.TryGetProperty("by", out var by) ? by.GetString() : null);
    }

    private async Task<bool> IsPausedAsync()
    {
        var status = await app.JsonAsync("/api/status");
        return status.GetProperty("handlers").EnumerateArray()
            .Single(one => one.GetProperty("handler").GetString() == Handler).GetProperty("isPaused").GetBoolean();
    }

    private async Task PressAsync(string method, string path, HttpStatusCode status)
    {
        using var answer = await SendAsync(app, method, path, Ada);
        Assert.That(answer.StatusCode, Is.EqualTo(status));
    }

    // Without the time of the answer, what storage took for it, and the hours of the last day: the next one may begin between two answers.
    private static async Task<string> LastingAsync(HttpResponseMessage answer) =>
        PassingPattern().Replace(await answer.Content.ReadAsStringAsync(), "");

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
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = to.Http.BaseAddress, Timeout = Patience.OfClients };
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/signed-in/" + path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }

    [GeneratedRegex("""^  "at": .*$|^    "(table|queues)": \d+,?$|"hours": \[[^\]]*\]""", RegexOptions.Multiline)]
    private static partial Regex PassingPattern();
}
