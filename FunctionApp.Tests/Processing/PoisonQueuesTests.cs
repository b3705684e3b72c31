using System.Text.Json;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

internal sealed class PoisonQueuesTests
{
    [Test]
    public async Task A_poison_message_of_an_open_event_is_sent_again_and_is_no_attempt()
    {
        await using var app = await TestApp.StartAsync(isTiming: false, isProcessing: false);
        var key = Guid.NewGuid().ToString();
        // Kept, and not queued: as if the host had moved its message to the poison queue.
        await app.InsertAsync("ProvisioningFailed", key);
        await app.EnqueueRawAsync(QueueNames.ProvisioningFailed + QueueNames.PoisonSuffix, Message(key));

        await app.RunTimerAsync("RelayEvents");

        Assert.That(await app.LengthAsync(QueueNames.ProvisioningFailed + QueueNames.PoisonSuffix), Is.Zero);
        Assert.That(await app.LengthAsync(QueueNames.ProvisioningFailed), Is.EqualTo(1));
        Assert.That((await app.EventAsync(key)).GetProperty("attempts").GetInt32(), Is.Zero, "no handler ran");
    }

    [TestCase("something else")]
    [TestCase("")]
    public async Task A_message_that_is_not_this_apps_ends_in_poison_and_is_removed_there(string text)
    {
        await using var app = await TestApp.StartAsync(isTiming: false);
        await app.EnqueueRawAsync(QueueNames.UnknownEvent, text);
        await Eventually.BecomesAsync(
            () => app.LengthAsync(QueueNames.UnknownEvent + QueueNames.PoisonSuffix), length => length == 1, "the host has given up");

        await app.RunTimerAsync("RelayEvents");

        await app.QueuesAreEmptyAsync();
    }

    [Test]
    public async Task A_message_of_an_event_the_ledger_does_not_have_is_dropped()
    {
        await using var app = await TestApp.StartAsync(isTiming: false);
        var key = Guid.NewGuid().ToString();
        await app.EnqueueAsync("ProvisioningStarted", key);

        await app.QueuesAreEmptyAsync();

        Assert.That(app.Records.Of(key), Is.Zero);
    }

    private static string Message(string key) => JsonSerializer.Serialize(new { type = "ProvisioningFailed", idempotencyKey = key });
}
