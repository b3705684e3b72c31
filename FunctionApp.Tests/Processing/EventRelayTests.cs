using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What the relay does about events for which nothing happens any more; the clock is moved, and the queues are not read.</summary>
internal sealed class EventRelayTests
{
    [Test]
    public async Task An_event_that_was_never_queued_is_sent_when_it_is_overdue_and_then_once_an_hour()
    {
        var (app, time) = await StartAsync();
        await using var _ = app;
        var key = await InsertedAsync(app);
        await app.RunTimerAsync("RelayEvents");
        Assert.That(await app.LengthAsync(QueueNames.ProvisioningStarted), Is.Zero, "it is not overdue yet");

        time.Advance(EventLedger.PickUpTime);
        for (var sweep = 0; sweep < 3; sweep++)
            await app.RunTimerAsync("RelayEvents");
        Assert.That(await app.LengthAsync(QueueNames.ProvisioningStarted), Is.EqualTo(1), "a backlog is not multiplied");

        time.Advance(EventRelay.MessageInterval);
        await app.RunTimerAsync("RelayEvents");
        Assert.That(await app.LengthAsync(QueueNames.ProvisioningStarted), Is.EqualTo(2), "the message may be lost again");
        Assert.That((await app.EventAsync(key)).GetProperty("state").GetString(), Is.EqualTo("Received"));
    }

    [Test]
    public async Task A_processor_that_is_gone_has_failed_an_attempt()
    {
        var (app, time) = await StartAsync();
        await using var _ = app;
        var key = await InsertedAsync(app);
        await app.ClaimAsync(key);
        await app.RunTimerAsync("RelayEvents");
        Assert.That((await app.EventAsync(key)).GetProperty("state").GetString(), Is.EqualTo("Processing"), "its lease is not over yet");

        time.Advance(EventLedger.PickUpTime);
        await app.RunTimerAsync("RelayEvents");
        var found = await app.EventAsync(key);
        Assert.That(found.GetProperty("state").GetString(), Is.EqualTo("Retrying"));
        Assert.That(found.GetProperty("attempts").GetInt32(), Is.EqualTo(1));
        Assert.That(await app.LengthAsync(QueueNames.ProvisioningStarted), Is.EqualTo(1));
    }

    [Test]
    public async Task An_event_that_brings_its_processor_down_each_time_is_dead_in_the_end()
    {
        var (app, time) = await StartAsync(new() { ["Retry:Schedule:0"] = "00:00:10", ["Retry:Schedule:1"] = "00:00:10" });
        await using var _ = app;
        var key = await InsertedAsync(app);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var claim = await app.ClaimAsync(key);
            Assert.That(claim.Outcome, Is.EqualTo(ClaimOutcome.Claimed), $"attempt {attempt}");
            time.Advance(EventLedger.PickUpTime + TimeSpan.FromSeconds(11));
            await app.RunTimerAsync("RelayEvents");
            time.Advance(TimeSpan.FromSeconds(11));
        }

        Assert.That((await app.EventAsync(key)).GetProperty("state").GetString(), Is.EqualTo("Dead"));
    }

    [Test]
    public async Task A_retry_whose_message_was_lost_is_sent_after_its_time()
    {
        var (app, time) = await StartAsync();
        await using var _ = app;
        var key = await InsertedAsync(app);
        await using var lease = (await app.ClaimAsync(key)).Lease!;
        await lease.RetryAsync("downstream is down", TimeSpan.FromHours(2));

        time.Advance(TimeSpan.FromHours(2));
        await app.RunTimerAsync("RelayEvents");
        Assert.That(await app.LengthAsync(QueueNames.ProvisioningStarted), Is.Zero, "its message may still come");
        time.Advance(EventLedger.PickUpTime);
        await app.RunTimerAsync("RelayEvents");
        Assert.That(await app.LengthAsync(QueueNames.ProvisioningStarted), Is.EqualTo(1));
    }

    private static async Task<(TestApp App, MovableTime Time)> StartAsync(Dictionary<string, string?>? settings = null)
    {
        var time = new MovableTime();
        return (await TestApp.StartAsync(settings: settings, time: time, isProcessing: false, isTiming: false), time);
    }

    private static async Task<string> InsertedAsync(TestApp app)
    {
        var key = Guid.NewGuid().ToString();
        await app.InsertAsync("ProvisioningStarted", key);
        return key;
    }
}
