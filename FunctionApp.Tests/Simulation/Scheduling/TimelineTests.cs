using Azure.Data.Tables;
using PointWebhooks.Tests.Simulation.Calls;

namespace PointWebhooks.Tests.Simulation.Scheduling;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TimelineTests
{
    private readonly Timeline timeline = new();

    [Test]
    public void Days_pass_at_once_and_in_order()
    {
        var start = timeline.Now;
        var seen = new List<string>();
        var process = new SimulatedProcess(timeline, "app");
        var time = new VirtualTime(timeline, process);
        process.Start(async () =>
        {
            await Task.WhenAll(WaitAsync("second", 2), WaitAsync("first", 1));
            using var ticks = new PeriodicTimer(TimeSpan.FromDays(1), time);
            while (seen.Count < 4 && await ticks.WaitForNextTickAsync())
                seen.Add("tick");
        });

        timeline.RunUntil(() => seen.Count == 4, start.AddDays(30));

        Assert.That(seen, Is.EqualTo(new[] { "first", "second", "tick", "tick" }));
        Assert.That(timeline.Now - start, Is.EqualTo(TimeSpan.FromDays(4)));

        async Task WaitAsync(string name, int days)
        {
            await Task.Delay(TimeSpan.FromDays(days), time);
            seen.Add(name);
        }
    }

    [Test]
    public void A_dead_process_does_nothing_more_and_its_request_arrives()
    {
        var (storage, process) = (new SimulatedStorage(TimeProvider.System), new SimulatedProcess(timeline, "app"));
        var table = Table(storage, process);
        var (isAnswered, isCleanedUp) = (false, false);
        process.Start(async () =>
        {
            try
            {
                await table.CreateAsync();
                isAnswered = true;
            }
            finally
            {
                isCleanedUp = true;
            }
        });

        timeline.After(TimeSpan.FromMilliseconds(1), null, process.Kill);
        timeline.RunUntil(() => false, timeline.Now.AddDays(1));

        Assert.That((isAnswered, isCleanedUp), Is.EqualTo((false, false)));
        Assert.That(storage.Tables.Exists("events"), Is.True);
    }

    [Test]
    public void Clocks_differ()
    {
        var process = new SimulatedProcess(timeline, "app");

        var ahead = new VirtualTime(timeline, process, TimeSpan.FromSeconds(5));

        Assert.That(ahead.GetUtcNow() - timeline.Now, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void Code_that_goes_on_on_another_thread_ends_the_run()
    {
        var process = new SimulatedProcess(timeline, "app");
        var time = new VirtualTime(timeline, process);
        process.Start(() => Task.Run(() => Task.Delay(TimeSpan.FromSeconds(1), time)));

        // What the thread pool does is seen when it comes back: days of doing nothing but look for it.
        timeline.After(TimeSpan.Zero, null, Look);
        void Look()
        {
            Thread.Yield();
            timeline.After(TimeSpan.FromTicks(1), null, Look);
        }

        Assert.That(
            () => timeline.RunUntil(() => false, timeline.Now.AddDays(1)),
            Throws.InvalidOperationException.With.Message.Contains("another thread"));
    }

    [Test]
    public void An_exception_that_nothing_catches_ends_the_run()
    {
        new SimulatedProcess(timeline, "app").Start(async () =>
        {
            await Task.Yield();
            throw new NotSupportedException("nobody catches this");
        });

        Assert.That(
            () => timeline.RunUntil(() => false, timeline.Now.AddDays(1)),
            Throws.InvalidOperationException.With.Message.Contains("nobody catches this"));
    }

    private TableClient Table(SimulatedStorage storage, SimulatedProcess process)
    {
        var network = new SimulatedNetwork(timeline, process, new Perfect());
        var options = new TableClientOptions { Transport = storage.Transport(network.SendAsync) };
        return new TableClient(SimulatedStorage.ConnectionString, "events", options);
    }

    private sealed class Perfect : INetworkConditions
    {
        public TimeSpan Latency() => TimeSpan.FromMilliseconds(1);

        public Fault FaultOf(StorageCall call) => Fault.None;
    }
}
