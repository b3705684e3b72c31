using System.Net;
using PointWebhooks.Ledger;
using PointWebhooks.Tests.Reliability.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability;

/// <summary>
/// The process is killed at each boundary between two steps, started again, and the event is completed, each handler's effect
/// there exactly once.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class CrashPointTests
{
    // What an event passes through, in this order.
    private static readonly string[] Steps =
    [
        "insert", "send", "receive", "claim", Downstream.First, "record", Downstream.Second, "complete", "delete-message",
    ];

    // In minutes. When the message of the relay is lost with the process that took it, the next one follows after an hour.
    private const int PastTheRelaysHour = 65;

    private static IEnumerable<string> CrashPoints => Steps.SelectMany(step => new[] { $"{step}.before", $"{step}.after" });

    [TestCaseSource(nameof(CrashPoints))]
    public async Task An_event_completes_once_though_the_process_dies_at(string point)
    {
        await using var scenario = await Scenario.StartAsync();
        var key = await DieAsync(scenario, scenario.KillAt(point));
        Assert.That(scenario.Downstream.CallsOf(Downstream.First, key), Is.AtMost(2));
        Assert.That(scenario.Downstream.CallsOf(Downstream.Second, key), Is.AtMost(2));
        var (least, most) = CallsAfter(point);
        Assert.That(scenario.Downstream.Calls, Is.InRange(least, most));
    }

    [Test]
    public async Task An_event_whose_first_attempt_fails_completes_once_though_the_process_dies_at(
        [Values("retry.before", "retry.after", "send-later.before", "send-later.after")] string point)
    {
        await using var scenario = await Scenario.StartAsync();
        var failing = $"{Downstream.Second}.before";
        var key = await DieAsync(
            scenario,
            scenario.KillAt(point, at => at == failing && scenario.Points.Count(failing) == 1 ? Verdict.Unavailable : Verdict.Pass));
        // When the other one finishes after the failure, its record is written with the retry.
        Assert.That(
            scenario.Downstream.Calls,
            Is.InRange(2, point == "retry.before" ? 3 : 2), "a handler whose finish is on record was not run again");
        Assert.That((await scenario.Events.BecomesAsync(EventState.Completed, key))!.Attempts, Is.GreaterThan(0));
    }

    [Test]
    public async Task An_event_that_the_relay_has_to_send_completes_once_though_the_process_dies_at(
        [Values("send.after", "postpone.before", "postpone.after")] string point)
    {
        await using var scenario = await Scenario.StartAsync(Scenario.FastClock);
        // For as long as the receiver tries, and what it has given up may still be on its way to storage: it leaves the event to the relay,
        // which looks for it ten seconds later.
        await DieAsync(
            scenario,
            scenario.KillAt(
                point, at => at == "send.before" && scenario.SinceAcknowledged < TimeSpan.FromSeconds(5) ? Verdict.Unavailable : Verdict.Pass));
    }

    [Test]
    public async Task Every_step_of_an_event_has_its_crash_points()
    {
        await using var scenario = await Scenario.StartAsync();
        const string key = "one-event";
        await scenario.SendUntilAcknowledgedAsync(key);
        await scenario.Events.BecomesAsync(EventState.Completed, key);
        await Eventually.TrueAsync(() => scenario.Points.Count("delete-message.after") > 0, "the message is deleted");
        var steps = scenario.Points.Reached.Keys
            .Where(point => point.EndsWith(".after", StringComparison.Ordinal)).Select(point => point.Split('.')[0]);
        // What only looks leaves nothing behind; on a busy machine a message is there again while its event is at work, and is looked after,
        // a lease is renewed, a write that was not answered in time is checked, and the hour of the registration may come.
        Assert.That(
            steps.Where(step => step is not ("query" or "read" or "read-write-id" or "renew" or "other-write") && !step.EndsWith("-nothing", StringComparison.Ordinal)),
            Is.EquivalentTo(Steps));
    }

    // One call more for each handler whose effect was there without its record: the window that remains. The two run side by side, so
    // that one may be anywhere while the other is at its point.
    private static (int Least, int Most) CallsAfter(string point) => point switch
    {
        $"{Downstream.First}.before" or $"{Downstream.Second}.before" or "record.after" => (2, 3),
        $"{Downstream.First}.after" or $"{Downstream.Second}.after" or "record.before" => (3, 4),
        "complete.before" => (3, 3),
        _ => (2, 2),
    };

    /// <summary>Sends an event whose processing kills the app, starts the app again, and waits until the event is completed.</summary>
    private static async Task<string> DieAsync(Scenario scenario, Task dead)
    {
        const string key = "one-event";
        var sending = scenario.SendUntilAcknowledgedAsync(key);
        await dead.WaitAsync(Scenario.Patience);
        await scenario.StartLaterAsync(PastTheRelaysHour);
        await sending;
        var again = await scenario.SendUntilAcknowledgedAsync(key);
        Assert.That(again, Is.EqualTo(HttpStatusCode.OK), "once acknowledged, it is a duplicate");
        await scenario.Events.BecomesAsync(EventState.Completed, key);
        Assert.That(scenario.Downstream.Effects, Is.EquivalentTo(new[] { (Downstream.First, key), (Downstream.Second, key) }));
        return key;
    }
}
