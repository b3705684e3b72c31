using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Tests.LocalHost.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>A message is hidden for ten minutes, and for ten more each time that half of them are over, while its function runs.</summary>
internal sealed class QueueRenewalTests
{
    private static readonly TimeSpan HalfLife = QueueMessageProcessor.InFlightVisibility / 2;

    [Test]
    public async Task A_long_run_is_renewed_at_half_life_and_ends_with_the_renewed_receipt()
    {
        var time = new RecordedTime();
        var ending = new TaskCompletionSource();
        await using var queue = await RunningAsync(time, ending.Task);

        time.Advance(HalfLife - TimeSpan.FromSeconds(1));
        Assert.That(queue.Hidden, Is.Empty, "not before half-life");
        time.Advance(TimeSpan.FromSeconds(1));
        await WaitingAsync(time, HalfLife, HalfLife);
        time.Advance(HalfLife);
        await WaitingAsync(time, HalfLife, HalfLife, HalfLife);
        ending.SetResult();

        await Eventually.BecomesAsync(() => PolledQueue.LengthAsync(queue.Queue), length => length == 0, "the message is deleted");
        Assert.That(queue.Hidden, Is.EqualTo(new[] { "600", "600" }));
    }

    [Test]
    public async Task A_renewal_that_storage_refuses_is_tried_again_a_minute_later()
    {
        var time = new RecordedTime();
        var ending = new TaskCompletionSource();
        await using var queue = await RunningAsync(time, ending.Task);
        queue.RefusedUpdates = 1;

        time.Advance(HalfLife);
        await WaitingAsync(time, HalfLife, TimeSpan.FromMinutes(1));
        time.Advance(TimeSpan.FromMinutes(1));
        await WaitingAsync(time, HalfLife, TimeSpan.FromMinutes(1), HalfLife);
        ending.SetResult();

        await Eventually.BecomesAsync(() => PolledQueue.LengthAsync(queue.Queue), length => length == 0, "the message is deleted");
    }

    private static async Task<PolledQueue> RunningAsync(RecordedTime time, Task ending)
    {
        var queue = await PolledQueue.CreateAsync();
        queue.Function.Body = _ => ending;
        await queue.Encoded.SendMessageAsync("hello");
        // One message in work is one too many to look for others, so that the only waits are those of the renewal.
        queue.Start(new QueueSettings { NewBatchThreshold = 0 }, time);
        await WaitingAsync(time, HalfLife);
        return queue;
    }

    private static Task WaitingAsync(RecordedTime time, params TimeSpan[] waits) =>
        Eventually.TrueAsync(() => time.Waits.SequenceEqual(waits), $"it waits {string.Join(", ", waits)}");
}
