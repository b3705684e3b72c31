using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Tests.Reliability.Support;

namespace PointWebhooks.Tests.Reliability;

/// <summary>What a sweep of the relay costs, in requests to storage.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class RelayCostTests
{
    [Test]
    public Task A_sweep_costs_the_same_with_few_and_with_many_completed_events() => CompareAsync(100, 2000);

    [Test]
    [Explicit("Takes minutes.")]
    [Category("Soak")]
    public Task A_sweep_costs_the_same_with_a_thousand_and_with_a_hundred_thousand_completed_events() => CompareAsync(1000, 100_000);

    [Test]
    public Task A_waiting_backlog_is_not_multiplied() => WaitAsync(200);

    [Test]
    [Explicit("Takes minutes.")]
    [Category("Soak")]
    public Task A_waiting_backlog_of_ten_thousand_is_not_multiplied() => WaitAsync(10_000);

    private static async Task CompareAsync(int few, int many)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sweeps = await RelaySweeps.StartAsync(time);
        await sweeps.AddReceivedAsync(3);
        await sweeps.AddCompletedAsync(few);
        var withFew = await sweeps.SweepAsync();
        await sweeps.AddCompletedAsync(many - few);
        var withMany = await sweeps.SweepAsync();
        time.Advance(EventLedger.PickUpTime);
        var withOverdue = await sweeps.SweepAsync();
        TestContext.Out.WriteLine(
            $"Requests of a sweep with 3 open events: {few} completed: {RelaySweeps.Describe(withFew)}. "
            + $"{many} completed: {RelaySweeps.Describe(withMany)}. The 3 overdue: {RelaySweeps.Describe(withOverdue)}.");
        Assert.That(withMany, Is.EquivalentTo(withFew));
        Assert.That(withOverdue["send"], Is.EqualTo(3));
        Assert.That(withOverdue.Values.Sum() - withMany.Values.Sum(), Is.EqualTo(9), "three for each: read, send, put off");
    }

    private static async Task WaitAsync(int waiting)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sweeps = await RelaySweeps.StartAsync(time);
        await sweeps.AddReceivedAsync(waiting);
        // Their messages are in the queue, and nobody gets to them.
        time.Advance(EventLedger.PickUpTime);
        var first = await sweeps.SweepAsync();
        var later = new List<int>();
        var until = time.GetUtcNow() + EventRelay.MessageInterval - TimeSpan.FromMinutes(1);
        while (time.GetUtcNow() < until)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            later.Add((await sweeps.SweepAsync()).GetValueOrDefault("send"));
        }

        time.Advance(TimeSpan.FromMinutes(1));
        var nextHour = await sweeps.SweepAsync();
        TestContext.Out.WriteLine(
            $"{waiting} waiting: first sweep {RelaySweeps.Describe(first)}, the {later.Count} of the hour after it {later.Sum()} sends, "
            + $"the next {RelaySweeps.Describe(nextHour)}.");
        Assert.That(first["send"], Is.EqualTo(waiting));
        Assert.That(later, Is.All.Zero, "an hour long no message more");
        Assert.That(nextHour["send"], Is.EqualTo(waiting));
    }
}
