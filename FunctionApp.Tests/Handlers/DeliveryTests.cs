using System.Text.Json;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers;

/// <summary>Handlers of the settings in the whole app: from a webhook to what arrives elsewhere.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeliveryTests : IAsyncDisposable
{
    private readonly Receiver crm = Receiver.StartAsync().GetAwaiter().GetResult();
    private readonly Receiver teams = Receiver.StartAsync().GetAwaiter().GetResult();

    [Test]
    public async Task Each_handler_gets_what_it_wants_once_and_its_history_says_so()
    {
        await using var app = await StartAsync();
        await app.SendAsync("ProvisioningStarted", "started");
        await app.SendAsync("ProvisioningCompleted", "completed");
        await app.SendAsync("ProvisioningCompleted", "completed");
        var completed = await app.EventInAsync("Completed", "completed");
        await app.EventInAsync("Completed", "started");

        Assert.That((crm.Requests.Count, teams.Requests.Count), Is.EqualTo((2, 1)));
        Assert.That(Done(completed), Is.EquivalentTo(new[] { "LogEventHandler", "RecordingHandler", "http-crm", "teams-it" }));
        Assert.That(Details(completed), Does.Contain("http-crm: Sent to 127.0.0.1").And.Contain("teams-it: Gave a card to the workflow"));
    }

    [Test]
    public async Task One_that_fails_holds_up_no_other_and_alone_is_tried_again()
    {
        crm.Answer(503).LoseAnswer();
        await using var app = await StartAsync();
        await app.SendAsync("ProvisioningFailed", "failed");
        var completed = await app.EventInAsync("Completed", "failed");

        Assert.That((crm.Requests.Count, teams.Requests.Count), Is.EqualTo((3, 1)));
        Assert.That(crm.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct(), Is.EqualTo([completed.GetProperty("id").GetString()]));
        Assert.That(completed.GetProperty("attempts").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task What_is_refused_for_good_is_dead_at_once_and_can_be_replayed()
    {
        teams.Answer(404);
        await using var app = await StartAsync();
        await app.SendAsync("ProvisioningCompleted", "refused");
        var dead = await app.EventInAsync("Dead", "refused");

        using var replayed = await app.Http.PostAsync($"/api/events/{dead.GetProperty("id").GetString()}/replay", null);
        await app.EventInAsync("Completed", "refused");

        Assert.That(dead.GetProperty("lastError").GetString(), Is.EqualTo("teams-it: The workflow answered POST to 127.0.0.1 with 404."));
        Assert.That((crm.Requests.Count, teams.Requests.Count), Is.EqualTo((1, 2)), "only what had not succeeded is repeated");
    }

    // docs/handlers.md has the figure: in this time the end of the process makes a second card.
    [Test]
    public async Task Between_a_card_and_its_record_there_is_a_moment()
    {
        const int Count = 50;
        await using var app = await StartAsync();
        for (var i = 0; i < Count; i++)
            await app.SendAsync("ProvisioningCompleted", $"{i}");
        var recorded = new List<DateTimeOffset>();
        for (var i = 0; i < Count; i++)
        {
            var history = (await app.EventInAsync("Completed", $"{i}")).GetProperty("history").EnumerateArray();
            recorded.Add(history.Last().GetProperty("at").GetDateTimeOffset());
        }

        Assert.That(teams.Requests, Has.Count.EqualTo(Count));
        var windows = recorded.Order().Zip(teams.Requests.Select(request => request.At).Order(), (record, card) => record - card)
            .Select(window => window.TotalMilliseconds).Order().ToList();
        TestContext.Out.WriteLine($"From a card to the write of its record: median {windows[Count / 2]:0} ms, longest {windows[^1]:0} ms.");
    }

    public async ValueTask DisposeAsync()
    {
        await crm.DisposeAsync();
        await teams.DisposeAsync();
    }

    private Task<TestApp> StartAsync() => TestApp.StartAsync(isTiming: false, settings: new()
    {
        ["Handlers:Http:crm:Url"] = crm.Url,
        ["Handlers:Teams:it:WebhookUrl"] = teams.Url,
        ["Handlers:Teams:it:WorkspaceKinds"] = "MicrosoftTeams",
        ["Handlers:Teams:other:WebhookUrl"] = teams.Url,
        ["Handlers:Teams:other:WorkspaceKinds"] = "YammerCommunity",
        ["Retry:Schedule"] = "00:00:01,00:00:01",
    });

    private static IEnumerable<string?> Done(JsonElement found) => found.GetProperty("done").EnumerateArray().Select(name => name.GetString());

    private static List<string?> Details(JsonElement found) =>
        [.. found.GetProperty("history").EnumerateArray().Where(entry => entry.TryGetProperty("detail", out _)).Select(entry => entry.GetProperty("detail").GetString())];
}
