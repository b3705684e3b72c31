using PointWebhooks.Ledger;
using PointWebhooks.Tests.Reliability.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability;

/// <summary>Somebody else changes an event between the two steps of a claim, or sends another message for it.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ClaimRaceTests
{
    [Test]
    public async Task An_event_that_the_relay_puts_off_while_it_is_being_claimed_is_claimed_all_the_same()
    {
        await using var scenario = await Scenario.StartAsync();
        const string key = "one-event";
        scenario.Points.At = async point =>
        {
            if (point == "claim.before" && scenario.Points.Count(point) == 1
                && await scenario.Events.FindAsync(key) is { State: EventState.Received } waiting)
            {
                await scenario.Events.PostponeAsync(waiting, TimeSpan.FromDays(1));
            }

            return Verdict.Pass;
        };
        await scenario.SendUntilAcknowledgedAsync(key);
        await scenario.Events.BecomesAsync(EventState.Completed, key);
    }

    [Test]
    public async Task A_second_message_does_nothing_while_the_event_is_in_work()
    {
        await using var scenario = await Scenario.StartAsync();
        // The first send of a process takes long, and one that took two seconds is not repeated.
        const string before = "another-event";
        await scenario.SendUntilAcknowledgedAsync(before);
        await scenario.Events.BecomesAsync(EventState.Completed, before);
        await scenario.NoMessageLeftAsync();
        await Eventually.TrueAsync(() => Seen("delete-message.after") >= Seen("send.after"), "the message is known to be deleted");
        var (sends, runs, deletions) = (Seen("send.after"), Seen($"{Downstream.First}.before"), Seen("delete-message.after"));
        int Seen(string point) => scenario.Points.Count(point);
        scenario.Points.At = async point =>
        {
            // A send whose answer is lost is repeated, and there are two messages.
            if (point == "send.after" && Seen(point) == sends + 1)
                return Verdict.Drop;
            // The handler is at work until the second message has been looked at.
            if (point == $"{Downstream.First}.before" && Seen(point) == runs + 1)
                await Eventually.TrueAsync(() => Seen("delete-message.after") > deletions, "one of two messages is done");
            return Verdict.Pass;
        };
        const string key = "one-event";
        await scenario.SendUntilAcknowledgedAsync(key);
        await scenario.Events.BecomesAsync(EventState.Completed, key);
        await scenario.NoMessageLeftAsync();
        Assert.That(scenario.Downstream.CallsOf(Downstream.First, key), Is.EqualTo(1));
        Assert.That(scenario.Downstream.CallsOf(Downstream.Second, key), Is.EqualTo(1));
    }
}
