using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;

namespace PointWebhooks.Tests.Operations.Pages;

/// <summary>What the list of events says of replays of many and of causes that somebody sees to.</summary>
internal sealed class EventListTemplateTests
{
    private const string Cause = "0123456789ab";

    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task A_replay_of_many_says_how_far_it_is_and_for_whom()
    {
        var running = new BulkReplay("state=Dead&error=%3Cb%3E", Now.AddMinutes(-1), null, 200, null);
        var finished = new BulkReplay("state=Dead&type=Some%20thing", Now.AddHours(-1), "<i>ada", 450, Now.AddMinutes(-50));

        var html = await ReadAsync(new DeadCauses([], 0, false), running, finished);

        Assert.That(html, Does.Contain(
            $"<li><b>200 so far</b>, begun {Ago("11:59:00", "1 min 0 s")}; it runs on every minute: "
            + "<span class=\"code\"><bdi>state=Dead&amp;error=&lt;b&gt;</bdi></span></li>"));
        Assert.That(html, Does.Contain(
            $"<li><span class=\"good\">450 replayed</span>, finished {Ago("11:10:00", "50 min 0 s")}, for <bdi>&lt;i&gt;ada</bdi>: "
            + "<span class=\"code\"><bdi>state=Dead&amp;type=Some thing</bdi></span></li>"));
        Assert.That(await ReadAsync(new DeadCauses([], 0, false)), Does.Not.Contain("id=\"replays\""), "where there is none");
    }

    [TestCase("<i>ada", 3, "known by <bdi>&lt;i&gt;ada</bdi>, {at}; <span class=\"bad\">3 died since</span></span>")]
    [TestCase("ada", 0, "known by <bdi>ada</bdi>, {at}</span>")]
    [TestCase(null, 0, "known, {at}</span>")]
    public async Task A_cause_that_somebody_sees_to_says_who_and_how_many_have_died_since(string? by, int diedSince, string expected)
    {
        var known = new DeadCause(Cause, "jira: 401", 5, Now, Now.AddMinutes(-10), by, diedSince);

        var html = await ReadAsync(new DeadCauses([known], 5, false));

        Assert.That(html, Does.Contain(
            $"<span class=\"soft\">{expected.Replace("{at}", Ago("11:50:00", "10 min 0 s"), StringComparison.Ordinal)}"));
        Assert.That(html, Does.Contain($"action=\"causes/{Cause}/acknowledge?known=false\"").And.Contain(">Not known</button>"));
    }

    [Test]
    public async Task A_cause_that_nobody_sees_to_can_be_marked_as_known()
    {
        var html = await ReadAsync(new DeadCauses([new DeadCause(Cause, "jira: 401", 5, Now)], 5, false));

        Assert.That(html, Does.Contain($"action=\"causes/{Cause}/acknowledge?\"").And.Contain(">Known</button>"));
        Assert.That(html, Does.Not.Contain("known, ").And.Not.Contain("known by").And.Not.Contain("died since"));
    }

    [Test]
    public void Programs_are_told_of_a_replay_of_many_while_it_runs_and_when_it_is_finished()
    {
        using var routes = new SimulatedRoutes();
        var app = routes.App;
        routes.Die(223);
        app.Account.Advance(TimeSpan.FromSeconds(1));
        app.Run(async () =>
        {
            var all = app.Get<BulkReplays>().AsOfNow(EventQuery.All with { Filter = new EventFilter(EventState.Dead) });
            var page = await app.Get<EventOperations>().ListAsync(all, CancellationToken.None);
            await app.Get<BulkReplays>().StartAsync(all, page, "ada", CancellationToken.None);
        });

        var running = Replay(routes);
        app.Run(() => app.Get<BulkReplays>().RunAsync(CancellationToken.None));
        var finished = Replay(routes);

        Assert.That(
            running.EnumerateObject().Select(property => property.Name), Is.EqualTo(["filter", "startedAt", "by", "replayed"]));
        Assert.That((running.GetProperty("by").GetString(), running.GetProperty("replayed").GetInt32()), Is.EqualTo(("ada", 200)));
        Assert.That(running.GetProperty("filter").GetString(), Does.StartWith("state=Dead&until=2026-05-01T"));
        Assert.That(finished.GetProperty("replayed").GetInt32(), Is.EqualTo(225));
        Assert.That(finished.GetProperty("finishedAt").GetDateTimeOffset(), Is.EqualTo(app.Account.Now));
    }

    [TestCase(true, "50 of at least 3,200 events", "at least 3,200 dead events")]
    [TestCase(false, "50 of 3,200 events", "3,200 dead events")]
    public async Task How_many_there_are_is_said_as_far_as_it_is_known(bool isAtLeast, string shown, string toReplay)
    {
        var events = Enumerable.Range(0, 50).Select(i =>
            new EventSummary($"{i}", "key", "type", EventState.Dead, Now, null, Now, 1, null, null, "error")).ToList();
        var report = new EventListReport(
            Now, Dead(null), new EventPage(events, "dead|1"), new EventTally(3200, isAtLeast), null, [], []);

        Assert.That(await ReadAsync(report, ""), Does.Contain(shown));
        Assert.That(await ReadAsync(report, "?confirm=replay"), Does.Contain(toReplay));
    }

    [TestCase(-1)]
    [TestCase(0)]
    [TestCase(1)]
    public async Task A_form_replays_what_had_died_when_it_was_shown_and_not_what_dies_until_then(int hours)
    {
        var one = new EventSummary("id", "key", "type", EventState.Dead, Now, null, Now, 1, null, null, "error");
        var report = new EventListReport(
            Now, Dead(Now.AddHours(hours)), new EventPage([one], null), null, null, [], []);

        var until = hours < 0 ? "11:00:00" : "12:00:00";
        Assert.That(await ReadAsync(report, "?confirm=replay"), Does.Contain($"until=2026-05-01T{Uri.EscapeDataString(until)}.000Z"));
    }

    private static EventQuery Dead(DateTimeOffset? until) =>
        EventQuery.All with { Filter = new EventFilter(EventState.Dead) { Until = until } };

    private static JsonElement Replay(SimulatedRoutes routes) =>
        JsonElement.Parse(routes.Get("events", "application/json").Body).GetProperty("replays").EnumerateArray().Single();

    private static async Task<string> ReadAsync(DeadCauses dead, params BulkReplay[] replays)
    {
        return await ReadAsync(new EventListReport(Now, EventQuery.All, new EventPage([], null), null, dead, replays, []), "");
    }

    private static async Task<string> ReadAsync(EventListReport report, string query)
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);
        var result = await EventListPage.ToResultAsync(report, request);
        return ((ContentHttpResult)result).ResponseContent!;
    }

    private static string Ago(string time, string age) =>
        $"<time datetime=\"2026-05-01T{time}.000Z\" title=\"2026-05-01 {time} UTC\">{age} ago</time>";
}
