using System.Net;
using PointWebhooks.Ledger;
using PointWebhooks.Tests.Support;
using PuppeteerSharp;

namespace PointWebhooks.Tests.Operations.Pages;

/// <summary>What an operator presses on the pages has its effect, once, and the page that follows says so.</summary>
internal sealed class PressingTests
{
    private Chromium chromium = null!;
    private TestApp app = null!;
    private IPage page = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => chromium = await Chromium.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (chromium is not null)
            await chromium.DisposeAsync();
    }

    [SetUp]
    public async Task OpenAsync()
    {
        app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        page = await chromium.PageAsync();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await page.DisposeAsync();
        await app.DisposeAsync();
    }

    [Test]
    public async Task The_filter_shows_what_was_asked_for_and_keeps_the_function_key()
    {
        await SampleLedger.KeepAsync(app, "one", EventState.Dead, "Phoenix");
        await SampleLedger.KeepAsync(app, "two", EventState.Completed, "Phoenix");
        await SampleLedger.KeepAsync(app, "three", EventState.Dead, "Zephyr");
        await GoAsync("/api/events?code=a%2Fkey%3D%3D");

        await page.SelectAsync("#state", "Dead");
        await page.TypeAsync("#name", "phoe");
        await PressAsync("Show");

        Assert.That(new Uri(page.Url).Query, Does.Contain("code=a%2Fkey%3D%3D").And.Contain("state=Dead").And.Contain("name=phoe"));
        Assert.That(await TextAsync("#events tbody"), Does.Contain("Phoenix").And.Not.Contain("Zephyr"));
        Assert.That(await TextAsync("#events-head"), Is.EqualTo("1 event"));
    }

    [Test]
    public async Task Events_that_died_of_one_cause_are_replayed_together_after_a_question()
    {
        await SampleLedger.KeepAsync(app, "one", EventState.Dead, error: "jira: 401 Unauthorized, request 1234567");
        await SampleLedger.KeepAsync(app, "two", EventState.Dead, error: "jira: 401 Unauthorized, request 7654321");
        await SampleLedger.KeepAsync(app, "three", EventState.Dead, error: "teams: 404");
        await GoAsync("/api/events?code=abc");

        Assert.That(await TextAsync("#causes tbody tr"), Does.Contain("jira: 401 Unauthorized, request …").And.Contain("2"));
        await PressAsync("Replay …");
        Assert.That(await TextAsync("#confirm"), Is.EqualTo("Replay 2 dead events?"));
        Assert.That((await app.EventAsync("one")).GetProperty("state").GetString(), Is.EqualTo("Dead"), "nothing is done before it is confirmed");
        await PressAsync("Replay 2 dead events");

        Assert.That(await TextAsync("[role=status]"), Is.EqualTo("2 events are processed again."));
        Assert.That(new Uri(page.Url).Query, Does.Contain("code=abc"));
        Assert.That((await app.EventAsync("one")).GetProperty("state").GetString(), Is.EqualTo("Received"));
        Assert.That((await app.EventAsync("three")).GetProperty("state").GetString(), Is.EqualTo("Dead"));
    }

    [Test]
    public async Task A_cause_is_marked_as_known_and_not_any_more()
    {
        await SampleLedger.KeepAsync(app, "one", EventState.Dead, error: "jira: 401 Unauthorized");
        await GoAsync("/api/events?code=abc");

        await PressAsync("Known");
        Assert.That(await TextAsync("[role=status]"), Is.EqualTo("The cause is marked as known."));
        Assert.That(await TextAsync("#causes tbody tr"), Does.Contain("known, ").And.Not.Contain("died since"));
        Assert.That(new Uri(page.Url).Query, Does.Contain("code=abc"));

        await PressAsync("Not known");
        Assert.That(await TextAsync("#causes tbody tr"), Does.Not.Contain("known, "));
    }

    [Test]
    public async Task What_dies_after_the_question_is_left_out()
    {
        await SampleLedger.KeepAsync(app, "before", EventState.Dead);
        await GoAsync("/api/events?state=Dead&confirm=replay");
        await app.InsertAsync("ProvisioningFailed", "after");
        await using (var lease = (await app.ClaimAsync("after", "ProvisioningFailed")).Lease!)
            await lease.DieAsync("error");
        await PressAsync("Replay 1 dead event");

        Assert.That((await app.EventAsync("before")).GetProperty("state").GetString(), Is.EqualTo("Received"));
        Assert.That((await app.EventAsync("after")).GetProperty("state").GetString(), Is.EqualTo("Dead"));
    }

    [Test]
    public async Task The_page_of_an_event_tells_what_happened_and_what_it_says()
    {
        var id = await SampleLedger.KeepAsync(app, "key", EventState.Dead);
        await GoAsync($"/api/events/{id}");

        Assert.That(await TextAsync("#state"), Does.Contain("Dead").And.Contain("jira: 401 Unauthorized"));
        Assert.That(await TextAsync("#steps"), Does.Contain("Attempt 1 began by instance-1").And.Contain("jira-it finished after 840 ms").And.Contain("Opened ITSM-12"));
        Assert.That(await page.QuerySelectorAllAsync("#steps a[href='https://contoso.atlassian.net/browse/ITSM-12']"), Has.Length.EqualTo(1));
        Assert.That(await TextAsync("#event"), Does.Contain("4bf92f3577b34da6a3ce929d0e0e4736").And.Contain("https://"));
        Assert.That(await TextAsync("#pretty"), Does.Contain("\"idempotencyKey\": \"key\""));
        Assert.That(await TextAsync("#handlers"), Does.Contain("jira-it").And.Contain("LogEventHandler").And.Contain("not finished"));
    }

    [Test]
    public async Task Buttons_of_an_event_replay_it_give_it_up_and_erase_it()
    {
        var id = await SampleLedger.KeepAsync(app, "key", EventState.Dead);
        await GoAsync($"/api/events/{id}?code=abc");
        await PressAsync("Replay");
        Assert.That(await TextAsync("[role=status]"), Is.EqualTo("The event is processed again."));
        Assert.That(new Uri(page.Url).PathAndQuery, Is.EqualTo($"/api/events/{id}?replay=Replayed&code=abc"));

        await PressAsync("Give up …");
        await PressAsync("Give the event up");
        Assert.That(await TextAsync("[role=status]"), Is.EqualTo("The event is given up. It can be replayed."));

        await PressAsync("Run only this");
        Assert.That(await TextAsync("#steps"), Does.Contain("Replayed for LogEventHandler only"));
        await PressAsync("Give up …");
        await PressAsync("Give the event up");

        await PressAsync("Erase …");
        await PressAsync("Erase the content");
        Assert.That(await TextAsync("#state"), Does.Contain("Forgotten"));
        Assert.That((await app.Http.GetStringAsync($"/api/events/{id}")), Does.Contain("\"Forgotten\""));
    }

    [Test]
    public async Task A_handler_is_paused_its_event_waits_and_it_is_resumed()
    {
        await GoAsync("/api/status?code=abc");
        await PressAsync("Pause", "Pause RecordingHandler");
        Assert.That(await TextAsync("[role=status]"), Does.StartWith("The handler is paused"));
        Assert.That(new Uri(page.Url).PathAndQuery, Is.EqualTo("/api/status?replay=Paused&code=abc"));
        Assert.That(await TextAsync("#pauses tbody"), Does.Contain("paused").And.Contain("Resume"));

        await app.InsertAsync("ProvisioningStarted", "key");
        await app.ProcessAsync("ProvisioningStarted", "key");
        await GoAsync("/api/events?code=abc");
        Assert.That(await TextAsync("#events tbody"), Does.Contain("Waiting").And.Contain("waits for RecordingHandler, which is paused"));
        await GoAsync($"/api/events/{EventId.Of("ProvisioningStarted", "key")}?code=abc");
        Assert.That(await TextAsync("#state"), Does.Contain("Waits for handler RecordingHandler, which is paused"));
        Assert.That(await TextAsync("#steps"), Does.Contain("Waits for RecordingHandler, which is paused"));
        Assert.That(await TextAsync("#handlers"), Does.Contain("paused"));

        await GoAsync("/api/status?code=abc");
        Assert.That(await TextAsync("#events"), Does.Contain("1 open").And.Contain("1 wait for a paused handler"));
        await PressAsync("Resume", "Resume RecordingHandler");
        Assert.That(await TextAsync("[role=status]"), Does.StartWith("The handler is resumed"));
        Assert.That(await TextAsync("#pauses tbody"), Does.Not.Contain("Resume"));
    }

    [TestCase("erase")]
    [TestCase("give-up")]
    [TestCase("replay?from=event")]
    public async Task Another_site_can_press_nothing(string action)
    {
        var id = await SampleLedger.KeepAsync(app, "key", EventState.Dead);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/events/{id}/{action}") { Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        using var answer = await app.Http.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    private Task<IResponse> GoAsync(string url) => page.GoToAsync(new Uri(app.Http.BaseAddress!, url).ToString());

    // The first button or link of a text, and of a name where several have it.
    private async Task PressAsync(string text, string? name = null)
    {
        var loaded = page.WaitForNavigationAsync();
        var pressed = await page.EvaluateFunctionAsync<bool>(
            """
            (text, name) => {
              const found = [...document.querySelectorAll('main button, main a.button')]
                .find(control => control.innerText === text && (!name || control.getAttribute('aria-label') === name));
              found?.click();
              return !!found;
            }
            """,
            text,
            name);
        Assert.That(pressed, Is.True, $"'{text}' is on {page.Url}");
        await loaded;
    }

    private Task<string> TextAsync(string selector) =>
        page.EvaluateFunctionAsync<string>("selector => document.querySelector(selector)?.innerText ?? ''", selector);
}
