using PointWebhooks.Ledger;
using PointWebhooks.Queues;
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
        var key = Guid.NewGuid().ToString();
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
    public async Task A_second_message_does_not_start_the_next_attempt_before_its_time()
    {
        await using var app = await TestApp.StartAsync(settings: new() { ["Retry:Schedule:0"] = "01:00:00" });
        var key = Guid.NewGuid().ToString();
        app.Records.Failing[key] = () => new HttpRequestException("away");
        await app.SendAsync("ProvisioningCompleted", key);
        await app.EventInAsync("Retrying", key);
        await app.EnqueueAsync("ProvisioningCompleted", key);
        // The message of the attempt in an hour stays.
        await Eventually.BecomesAsync(
            () => app.LengthAsync(QueueNames.ProvisioningCompleted), length => length == 1, "the second message is done");
        Assert.That((await app.EventAsync(key)).GetProperty("attempts").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_second_message_does_nothing_while_the_event_is_in_work()
    {
        await using var scenario = await Scenario.StartAsync();
        scenario.Points.At = async point =>
        {
            // A send whose answer is lost is repeated, and there are two messages.
            if (point == "send.after" && scenario.Points.Count(point) == 1)
                return Verdict.Drop;
            // The handler is at work until the second message has been looked at.
            if (point == $"{Downstream.First}.before" && scenario.Points.Count(point) == 1)
                await Eventually.TrueAsync(() => scenario.Points.Count("delete-message.after") == 1, "one of two messages is done");
            return Verdict.Pass;
        };
        var key = Guid.NewGuid().ToString();
        await scenario.SendUntilAcknowledgedAsync(key);
        await scenario.Events.BecomesAsync(EventState.Completed, key);
        await scenario.NoMessageLeftAsync();
        Assert.That(scenario.Downstream.CallsOf(Downstream.First, key), Is.EqualTo(1));
        Assert.That(scenario.Downstream.CallsOf(Downstream.Second, key), Is.EqualTo(1));
    }
}
