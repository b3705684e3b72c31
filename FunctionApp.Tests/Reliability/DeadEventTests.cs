using PointWebhooks.Ledger;
using PointWebhooks.Tests.Reliability.Support;

namespace PointWebhooks.Tests.Reliability;

/// <summary>The process is killed around the death of an event and its replay; in the end each handler's effect is there once.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class DeadEventTests
{
    private const string Refused = $"{Downstream.Second}.before";
    [Test]
    public async Task An_event_that_is_given_up_ends_dead_though_the_process_dies_at([Values("die.before", "die.after")] string point)
    {
        await using var scenario = await Scenario.StartAsync();
        var dead = scenario.KillAt(point, Refuse);
        const string key = "one-event";
        await scenario.SendUntilAcknowledgedAsync(key);
        await dead.WaitAsync(Scenario.Patience);
        await scenario.StartLaterAsync();
        await scenario.Events.BecomesAsync(EventState.Dead, key);
        Assert.That(scenario.Downstream.Effects, Is.EqualTo(new[] { (Downstream.First, key) }), "the other handler had its chance, once");

        await ReplayAsync(scenario, key);
        await scenario.AllCompletedAsync([key]);
        // When it finishes after the other has given up, its record is written with the end of the attempt.
        Assert.That(
            scenario.Downstream.CallsOf(Downstream.First, key), Is.AtMost(point == "die.before" ? 2 : 1), "what is on record stays finished");
    }

    [Test]
    public async Task A_replay_completes_once_though_the_process_dies_at([Values("replay.before", "replay.after", "send.after")] string point)
    {
        await using var scenario = await Scenario.StartAsync();
        scenario.Points.At = at => Task.FromResult(Refuse(at));
        const string key = "one-event";
        await scenario.SendUntilAcknowledgedAsync(key);
        await scenario.Events.BecomesAsync(EventState.Dead, key);

        var dead = scenario.KillAt(point);
        Assert.That(() => PostAsync(scenario, key), Throws.InstanceOf<HttpRequestException>(), "nobody heard what came of it");
        await dead.WaitAsync(Scenario.Patience);
        await scenario.StartLaterAsync();
        if (point == "replay.before")
            await ReplayAsync(scenario, key);
        await scenario.AllCompletedAsync([key]);
        Assert.That(scenario.Downstream.CallsOf(Downstream.First, key), Is.EqualTo(1), "what had finished stays finished");
    }

    private static Verdict Refuse(string point) => point == Refused ? Verdict.Gone : Verdict.Pass;

    private static async Task ReplayAsync(Scenario scenario, string key)
    {
        scenario.Points.At = _ => Task.FromResult(Verdict.Pass);
        using var response = await PostAsync(scenario, key);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<HttpResponseMessage> PostAsync(Scenario scenario, string key)
    {
        using var http = new HttpClient();
        return await http.PostAsync(new Uri(scenario.App.Url, $"/api/events/{key}/replay"), null);
    }
}
