using System.Net;
using System.Net.Http.Headers;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

internal sealed class StatusTests
{
    [Test]
    public async Task The_status_says_in_one_look_how_the_app_stands()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        await app.RunTimerAsync("RegisterEndpoint");
        await app.SendAsync("ProvisioningStarted", "open");
        await DeadAsync(app, "dead");
        var status = await app.JsonAsync("/api/status");

        Assert.That(status.GetProperty("registration").GetProperty("result").GetString(), Is.EqualTo("registered"));
        Assert.That(status.GetProperty("signatureKey").GetProperty("source").GetString(), Is.EqualTo("options"));
        Assert.That(status.GetProperty("signatureKey").TryGetProperty("fetchedAt", out _), Is.True);
        var events = status.GetProperty("events");
        Assert.That((events.GetProperty("open").GetInt32(), events.GetProperty("dead").GetInt32()), Is.EqualTo((1, 1)));
        Assert.That(events.TryGetProperty("lastReceivedAt", out _) && events.TryGetProperty("oldestOpenReceivedAt", out _), Is.True);
        var started = status.GetProperty("queues").EnumerateArray().Single(queue => queue.GetProperty("queue").GetString() == "point-provisioning-started");
        Assert.That(started.GetProperty("messages").GetInt32(), Is.EqualTo(1));
        Assert.That(status.GetProperty("quarantine").GetProperty("waiting").GetInt32(), Is.Zero);
        Assert.That(status.GetProperty("storage").GetProperty("table").GetInt64(), Is.Not.Negative);
        Assert.That(status.GetProperty("instance").GetProperty("point").GetProperty("status").GetInt32(), Is.EqualTo(200), "the registration asked it");
        Assert.That(status.GetProperty("unknown").GetArrayLength(), Is.Zero);
        Assert.That(status.ToString(), Does.Not.Contain(app.Point.SignatureKey));
    }

    [Test]
    public async Task Without_storage_the_status_answers_all_the_same_and_says_what_is_unknown()
    {
        await using var app = await TestApp.StartWithoutStorageAsync();
        var status = await app.JsonAsync("/api/status");
        Assert.That(
            status.GetProperty("unknown").EnumerateArray().Select(part => part.GetProperty("part").GetString()),
            Is.EqualTo(new[] { "events", "handlers", "quarantine", "queues", "registration" }));
        using var page = await PageAsync(app, "/api/status");
        Assert.That(await page.Content.ReadAsStringAsync(), Does.Contain("Unknown: events."));
    }

    [Test]
    public async Task A_browser_gets_a_page_that_holds_nothing_it_was_not_given()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        const string hostile = "<script>alert(1)</script>/\"'";
        await DeadAsync(app, hostile);
        using var page = await PageAsync(app, "/api/status?code=%22%3E%3Ci%3E");
        var html = await page.Content.ReadAsStringAsync();
        Assert.That(page.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(page.Headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'none'"));
        Assert.That(html, Does.Not.Contain("<script").And.Not.Contain("<i>"), "what others wrote is text");
        Assert.That(html, Does.Contain($"events/{EventId.Of("ProvisioningFailed", hostile)}/replay?&amp;code=%22%3E%3Ci%3E"));
        Assert.That(html, Does.Not.Contain("src=").And.Not.Contain("http://"), "no external assets");
    }

    [Test]
    public async Task The_replay_button_replays_and_comes_back_to_the_page()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        await DeadAsync(app, "a/dead one");
        using var answer = await PostAsync(app, $"/api/events/{EventId.Of("ProvisioningFailed", "a/dead one")}/replay?&code=abc", ("Sec-Fetch-Site", "same-origin"), ("Accept", "text/html"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That(answer.Headers.Location?.ToString(), Is.EqualTo("../../status?replay=Replayed&code=abc"));
        Assert.That((await app.EventAsync("a/dead one")).GetProperty("state").GetString(), Is.EqualTo("Received"));
    }

    [TestCase("Sec-Fetch-Site", "cross-site", 403)]
    [TestCase("Sec-Fetch-Site", "same-site", 403)]
    [TestCase("Sec-Fetch-Site", "same-origin", 202)]
    [TestCase("Sec-Fetch-Site", "none", 202)]
    [TestCase("Origin", "https://evil.example", 403)]
    [TestCase("Origin", "null", 403)]
    [TestCase("Origin", "@own", 202)]
    [TestCase("X-Nothing", "at all", 202)]
    public async Task Another_site_cannot_replay(string header, string value, int status)
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        await DeadAsync(app, "dead");
        var own = app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        using var one = await PostAsync(app, "/api/events/dead/replay", (header, value == "@own" ? own : value));
        Assert.That((int)one.StatusCode, Is.EqualTo(status));
        using var all = await PostAsync(app, "/api/events/replay?state=dead", (header, value == "@own" ? own : value));
        Assert.That((int)all.StatusCode, Is.EqualTo(status == 202 ? 200 : status));
    }

    private static async Task DeadAsync(TestApp app, string key)
    {
        await app.InsertAsync("ProvisioningFailed", key);
        await using var lease = (await app.ClaimAsync(key, "ProvisioningFailed")).Lease!;
        await lease.DieAsync("error");
    }

    private static async Task<HttpResponseMessage> PageAsync(TestApp app, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return await app.Http.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> PostAsync(TestApp app, string url, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Http.BaseAddress, Timeout = Patience.OfClients };
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await http.SendAsync(request);
    }
}
