using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Azure.Storage.Queues;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Reliability.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability;

/// <summary>The process is killed and started again, at random and again and again, while events arrive.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class RandomKillTests
{
    private const int Senders = 8;
    private const double DuplicateRate = 0.1;
    // An event may have to wait for the relay's second message, an hour by the app's clock.
    private const int ClockFactor = 100;
    // Handlers of settings have 45 s by it, for several calls.
    private const int ClockFactorWithHandlers = 30;
    // An event that was killed many times is not to die of it.
    private const int Pauses = 100;

    [Test]
    [Explicit("Takes long; .ci/run asks for it.")]
    [Category("Slow")]
    public Task Nothing_is_lost_or_doubled_by_a_few_kills() => KillAsync(events: 60, pause: TimeSpan.FromSeconds(1));

    [Test]
    [Explicit("Takes minutes.")]
    [Category("Soak")]
    public Task Nothing_is_lost_or_doubled_by_many_kills() => KillAsync(events: 2000, pause: TimeSpan.FromSeconds(0.5));

    [Test]
    [Explicit("Takes minutes.")]
    [Category("Soak")]
    public Task Each_effect_is_there_once_after_many_kills_with_all_handlers() =>
        KillAsync(events: 200, pause: TimeSpan.FromSeconds(1), hasHandlers: true);

    /// <param name="events">How many events are sent, beside the duplicates.</param>
    /// <param name="pause">How long a sender rests between two.</param>
    /// <param name="hasHandlers">Whether there are configured handlers, too.</param>
    private static async Task KillAsync(int events, TimeSpan pause, bool hasHandlers = false)
    {
        var random = Seed.NewRandom();
        var keys = Enumerable.Range(0, events).Select(i =>
            hasHandlers ? $"{(i % 2 == 0 ? "failed" : "completed")}-{i / 2}" : $"{i}-{random.NextInt64()}").ToList();
        var sends = keys.SelectMany(key => Enumerable.Repeat(key, random.NextDouble() < DuplicateRate ? 2 : 1)).ToList();
        await using var scenario = hasHandlers
            ? await Scenario.PrepareAsync(clockFactor: ClockFactorWithHandlers, sites: events / 2, pauses: Pauses)
            : await Scenario.PrepareAsync(clockFactor: ClockFactor, pauses: Pauses);
        scenario.Points.At = async point =>
        {
            // A downstream that takes its time, so that many a kill comes while handlers are at work.
            if (point is $"{Downstream.First}.before" or $"{Downstream.Second}.before" or $"{Downstream.Second}.after")
                await Task.Delay(Random.Shared.Next(300));
            return Verdict.Pass;
        };
        var run = Stopwatch.StartNew();
        await scenario.App.StartAsync();

        var waiting = new ConcurrentQueue<string>(sends);
        var answers = new ConcurrentBag<(string Key, HttpStatusCode? Status)>();
        var sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAsync(scenario, waiting, pause, answers)));
        var kills = 0;
        var starting = Task.CompletedTask;
        while (!sending.IsCompleted)
        {
            // One kill in four may come while it still starts.
            if (random.Next(4) > 0)
                await Task.WhenAny(sending, starting);
            await Task.WhenAny(sending, Task.Delay(random.Next(200, 3000)));
            scenario.App.Kill();
            kills++;
            starting = scenario.App.StartAsync();
        }

        await sending;
        await starting;
        await scenario.AllCompletedAsync(keys);
        scenario.Systems?.AssertOnce(keys);
        await Eventually.BecomesAsync(() => VisibleMessagesAsync(scenario.Storage), visible => visible == 0, "the queues are empty");

        TestContext.Out.WriteLine(
            $"{kills} kills, {events} events in {sends.Count} sends and {scenario.Unacknowledged} that were not acknowledged; "
            + $"all completed, {scenario.Downstream.Effects.Count} effects in {scenario.Downstream.Calls} calls, "
            + $"{scenario.Points.Count("claim.after")} claims, {run.Elapsed.TotalSeconds:0} s. {scenario.Systems?.Repetitions(keys)}");
        Assert.Multiple(() =>
        {
            var accepted = answers.Where(answer => answer.Status == HttpStatusCode.Accepted).Select(answer => answer.Key);
            Assert.That(accepted, Is.Unique, "each is new once at most");
            Assert.That(answers.Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.Accepted).Or.EqualTo(HttpStatusCode.OK));
        });
    }

    private static async Task SendAsync(
        Scenario scenario, ConcurrentQueue<string> waiting, TimeSpan pause, ConcurrentBag<(string Key, HttpStatusCode? Status)> answers)
    {
        while (waiting.TryDequeue(out var key))
        {
            answers.Add((key, await scenario.SendUntilAcknowledgedAsync(key)));
            await Task.Delay(pause);
        }
    }

    private static async Task<int> VisibleMessagesAsync(string storage)
    {
        var visible = 0;
        foreach (var queue in QueueNames.All)
            visible += (await new QueueClient(storage, queue).PeekMessagesAsync(32)).Value.Length;
        return visible;
    }
}
