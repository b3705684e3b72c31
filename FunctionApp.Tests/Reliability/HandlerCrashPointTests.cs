using PointWebhooks.Ledger;
using PointWebhooks.Tests.Reliability.Support;

namespace PointWebhooks.Tests.Reliability;

/// <summary>The process is killed before each effect of a configured handler, and, started again, right after it.</summary>
[Parallelizable(ParallelScope.All)]
[Explicit("Takes long; .ci/run asks for it.")]
[Category("Slow")]
internal sealed class HandlerCrashPointTests
{
    // More than the hour after which the relay sends another message, should one be lost with the process that took it.
    private const int MinutesDead = 65;

    private static readonly string[] Keys = ["failed-0", "completed-0"];
    [Test]
    public async Task Each_effect_is_there_once_though_the_process_dies_before_and_after(
        [Values(
            "jira.create", "jira.edit", "jira.transition", "jira.comment",
            "servicenow.insert", "servicenow.update", "teams.post", "receiver.post")]
        string step)
    {
        await using var scenario = await Scenario.StartAsync(sites: 1);
        var dying = DieTwiceAsync(scenario, step);
        foreach (var key in Keys)
        {
            await scenario.SendUntilAcknowledgedAsync(key);
            await scenario.Events.BecomesAsync(EventState.Completed, key);
        }

        await dying.WaitAsync(Scenario.Patience);
        await scenario.AllCompletedAsync(Keys);
        var systems = scenario.Systems!;
        systems.AssertOnce(Keys);
        Assert.That(systems.ServiceNow.Incidents.Single()["state"], Is.EqualTo("6"), "it is resolved");
        // They run side by side: whichever had not been recorded when the process died was told again.
        Assert.That(systems.Teams.Received, Has.Count.InRange(2, 4), "each death may cost one card more");
        if (step is "teams.post" or "receiver.post")
            Assert.That(scenario.Points.Count($"{step}.after"), Is.GreaterThan(2), "a receiver is told again what it had been told");
        else
            Assert.That(scenario.Points.Count($"{step}.after"), Is.EqualTo(1), "it is not even tried again");
        TestContext.Out.WriteLine(systems.Repetitions(Keys));
    }

    private static async Task DieTwiceAsync(Scenario scenario, string step)
    {
        await scenario.KillAt($"{step}.before").WaitAsync(Scenario.Patience);
        var again = scenario.KillAt($"{step}.after");
        await scenario.StartLaterAsync(MinutesDead);
        await again.WaitAsync(Scenario.Patience);
        await scenario.StartLaterAsync(2 * MinutesDead);
    }
}
