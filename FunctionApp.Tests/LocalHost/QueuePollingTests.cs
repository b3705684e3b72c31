using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Tests.LocalHost.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>When the host looks into a queue, and how many messages it takes.</summary>
internal sealed class QueuePollingTests
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    [Test]
    public void The_pauses_double_with_a_fifth_of_jitter_up_to_the_longest([Values(1, 2, 3)] int seed)
    {
        var backoff = new PollingBackoff(Longest, new Random(seed));

        var pauses = Enumerable.Range(0, 10).Select(_ => backoff.Next()).ToList();

        Assert.That(pauses[0], Is.EqualTo(Shortest));
        for (var i = 1; i < 6; i++)
            Assert.That((pauses[i] - Shortest) / (Shortest * Math.Pow(2, i - 1)), Is.InRange(0.8, 1.2), $"pause {i}, seed {seed}");
        Assert.That(pauses[7..], Is.All.EqualTo(Longest));
    }

    [Test]
    public void After_a_message_the_pause_is_short_again()
    {
        var backoff = new PollingBackoff(Longest, new Random(1));
        var before = Enumerable.Range(0, 10).Select(_ => backoff.Next()).ToList()[^1];

        backoff.Reset();

        Assert.That((before, backoff.Next()), Is.EqualTo((Longest, Shortest)));
    }

    [Test]
    public async Task An_empty_queue_is_looked_into_after_each_pause_and_a_message_makes_the_pauses_short_again()
    {
        var time = new RecordedTime();
        await using var queue = await PolledQueue.CreateAsync();
        queue.Start(new QueueSettings { MaxPollingInterval = Longest }, time);
        for (var pauses = 1; pauses <= 10; pauses++)
        {
            await Eventually.TrueAsync(() => time.Waits.Count == pauses, $"pause {pauses}");
            if (pauses < 10)
                time.Advance(time.Waits[^1]);
        }

        await queue.Encoded.SendMessageAsync("hello");
        time.Advance(Longest);

        await Eventually.TrueAsync(() => time.Waits.Contains(Shortest) && time.Waits[^1] == Shortest, "the pause after the message");
        Assert.That(queue.Function.Invocations, Is.EqualTo(new[] { "hello" }));
        Assert.That(time.Waits[9], Is.EqualTo(Longest));
    }

    [Test]
    public async Task A_queue_that_does_not_exist_yet_is_an_empty_one()
    {
        await using var queue = await PolledQueue.CreateAsync();
        await queue.Queue.DeleteAsync();
        var time = new RecordedTime();
        queue.Start(time: time);
        await Eventually.TrueAsync(() => time.Waits.Count == 1, "it has looked");

        await queue.Queue.CreateAsync();
        await queue.Encoded.SendMessageAsync("hello");
        time.Advance(Longest);

        await Eventually.TrueAsync(() => !queue.Function.Invocations.IsEmpty, "the function has run");
    }

    [Test]
    public async Task A_batch_is_fetched_only_while_no_more_than_the_threshold_are_in_work()
    {
        const int BatchSize = 3;
        const int Threshold = 1;
        await using var queue = await PolledQueue.CreateAsync();
        using var permits = new SemaphoreSlim(0);
        var (inWork, most) = (0, 0);
        queue.Function.Body = async _ =>
        {
            InterlockedMaximum(ref most, Interlocked.Increment(ref inWork));
            await permits.WaitAsync();
            Interlocked.Decrement(ref inWork);
        };
        for (var i = 0; i < 10; i++)
            await queue.Encoded.SendMessageAsync($"{i}");

        queue.Start(new QueueSettings { BatchSize = BatchSize, NewBatchThreshold = Threshold, MaxPollingInterval = Shortest });

        await Eventually.TrueAsync(() => inWork == BatchSize, "the first batch");
        permits.Release(BatchSize - Threshold);
        await Eventually.TrueAsync(() => inWork == Threshold + BatchSize, "the second batch, beside what is still in work");
        permits.Release(100);
        await Eventually.BecomesAsync(() => PolledQueue.LengthAsync(queue.Queue), length => length == 0, "all are processed");
        Assert.That(most, Is.EqualTo(Threshold + BatchSize));
    }

    private static void InterlockedMaximum(ref int most, int now)
    {
        for (var seen = most; now > seen; seen = most)
            Interlocked.CompareExchange(ref most, now, seen);
    }
}
