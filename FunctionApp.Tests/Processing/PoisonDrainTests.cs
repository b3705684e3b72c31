using System.Text.Json;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

public sealed class PoisonDrainTests
{
    [Test]
    public async Task A_poison_message_of_an_open_event_is_a_failed_attempt_and_another_follows()
    {
        await using var app = await TestApp.StartAsync(settings: new() { ["Retry:Schedule:0"] = "00:00:01" });
        var key = Guid.NewGuid().ToString();
        // Kept, and not queued: as if the host had moved its message to the poison queue.
        await app.InsertAsync("ProvisioningFailed", key);
        await app.EnqueueRawAsync(QueueNames.ProvisioningFailed + QueueNames.PoisonSuffix, Message(key));
        var completed = await app.EventInAsync("Completed", key);
        Assert.That(completed.GetProperty("attempts").GetInt32(), Is.EqualTo(1));
        Assert.That(completed.GetProperty("lastError").GetString(), Does.Contain("The Functions host gave up"));
        Assert.That(app.Records.Of(key), Is.EqualTo(1));
        await app.QueuesAreEmptyAsync();
    }

    [Test]
    public async Task A_message_that_is_not_this_apps_ends_in_poison_and_is_dropped_there()
    {
        await using var app = await TestApp.StartAsync();
        await app.EnqueueRawAsync(QueueNames.UnknownEvent, "something else");
        await app.QueuesAreEmptyAsync();
    }

    [Test]
    public async Task A_message_of_an_event_the_ledger_does_not_have_is_dropped()
    {
        await using var app = await TestApp.StartAsync();
        var key = Guid.NewGuid().ToString();
        await app.EnqueueAsync("ProvisioningStarted", key);
        await app.QueuesAreEmptyAsync();
        Assert.That(app.Records.Of(key), Is.Zero);
    }

    private static string Message(string key) => JsonSerializer.Serialize(
        new { type = "ProvisioningFailed", idempotencyKey = key, receivedAt = DateTimeOffset.UtcNow });
}
