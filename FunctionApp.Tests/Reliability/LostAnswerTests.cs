using PointWebhooks.Ledger;
using PointWebhooks.Tests.Reliability.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability;

/// <summary>The answer to a step is lost, or storage refuses it for a while; the process lives on.</summary>
// It waits most of all, for the relay: what comes later runs beside it.
[Order(0)]
[Parallelizable(ParallelScope.All)]
internal sealed class LostAnswerTests
{
    private static readonly string[] Writes = ["insert", "send", "claim", "record", "complete", "delete-message"];

    [TestCaseSource(nameof(Writes))]
    public async Task An_event_completes_once_though_its_writer_never_hears_of(string write) =>
        Assert.That(await CallsAsync($"{write}.after", 1, Verdict.Drop), Is.EqualTo((1, 1)));

    [TestCaseSource(nameof(Writes))]
    public async Task An_event_completes_once_though_storage_refuses_for_a_while_to(string write) =>
        // More often than the client tries by itself.
        Assert.That(await CallsAsync($"{write}.before", 5, Verdict.Unavailable), Is.EqualTo((1, 1)));

    [Test]
    public async Task A_handler_whose_answer_is_lost_calls_again_with_the_same_key_and_the_other_does_not() =>
        Assert.That(await CallsAsync($"{Downstream.First}.after", 1, Verdict.Drop), Is.EqualTo((2, 1)));

    private static async Task<(int First, int Second)> CallsAsync(string point, int times, Verdict verdict)
    {
        await using var scenario = await Scenario.StartAsync(
            // Then only the relay sends it, minutes later.
            point == "send.before" ? Scenario.FastClock / 3 : 1);
        scenario.Points.DisturbAt(point, times, verdict);
        const string key = "one-event";
        await scenario.SendUntilAcknowledgedAsync(key);
        await scenario.Events.BecomesAsync(EventState.Completed, key);
        await Eventually.TrueAsync(() => scenario.Points.Count(point) > 0, "the disturbance came");
        return (scenario.Downstream.CallsOf(Downstream.First, key), scenario.Downstream.CallsOf(Downstream.Second, key));
    }
}
