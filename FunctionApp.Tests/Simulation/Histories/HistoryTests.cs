using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>
/// Histories of the app, each made of a seed. A large run, which says how to see a history that failed again:
/// <c>SIMULATION_COUNT=100000 dotnet test FunctionApp.Tests --filter "Name=Many_histories_keep_the_promise"</c>.
/// In those with all handlers, these are the ones of settings, and call simulated systems.
/// </summary>
public sealed class HistoryTests
{
    private const int MaxFailures = 20;

    [Test]
    public void A_seed_makes_one_and_the_same_history([Values(1, 2, 3, 4, 5)] int seed, [Values] bool hasHandlers)
    {
        var (first, firstHash) = Told(seed, hasHandlers);

        var (second, secondHash) = Told(seed, hasHandlers);

        Assert.That(second, Is.EqualTo(first), "line by line");
        Assert.That(secondHash, Is.EqualTo(firstHash));
    }

    [Test]
    public void Histories_keep_the_promise() => Run(1, 250);

    [Test]
    public void Histories_with_all_handlers_keep_the_promise() => Run(1, 50, hasHandlers: true);

    [Test]
    [Explicit("Takes long; .ci/run asks for it.")]
    [Category("Slow")]
    public void More_histories_keep_the_promise() => Run(251, 750);

    [Test]
    [Explicit("Takes long; .ci/run asks for it.")]
    [Category("Slow")]
    public void More_histories_with_all_handlers_keep_the_promise() => Run(51, 150, hasHandlers: true);

    [Test]
    [Explicit("Takes as long as SIMULATION_COUNT says.")]
    public void Many_histories_keep_the_promise() => Run(Setting("SIMULATION_SEED", 1), Setting("SIMULATION_COUNT", 100_000));

    [Test]
    [Explicit("Takes as long as SIMULATION_COUNT says.")]
    public void Many_histories_with_all_handlers_keep_the_promise() =>
        Run(Setting("SIMULATION_SEED", 1), Setting("SIMULATION_COUNT", 10_000), hasHandlers: true);

    [Test]
    [Explicit("Writes the history of SIMULATION_SEED.")]
    public void One_history_is_told() => Tell(hasHandlers: false);

    [Test]
    [Explicit("Writes the history of SIMULATION_SEED.")]
    public void One_history_with_all_handlers_is_told() => Tell(hasHandlers: true);

    private static void Tell(bool hasHandlers)
    {
        using var history = new History(Setting("SIMULATION_SEED", 1), TestContext.Out, hasHandlers);
        Assert.That(history.Run(), Is.Empty);
    }

    private static (string[] Lines, string Hash) Told(int seed, bool hasHandlers)
    {
        using var text = new StringWriter();
        using var history = new History(seed, text, hasHandlers);
        history.Run();
        return (text.ToString().Split('\n'), history.Hash);
    }

    private static void Run(int first, int count, bool hasHandlers = false)
    {
        var clock = Stopwatch.StartNew();
        var (calls, failures, downstream) = (0L, new ConcurrentBag<(int Seed, string What)>(), new ConcurrentDictionary<string, int>());
        var next = first - 1;
        // A history runs on one thread, and shares nothing with another; not on those of the pool, which the tests beside it wait for.
        Task.WaitAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(
            Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        void Work()
        {
            while (failures.Count < MaxFailures && Interlocked.Increment(ref next) is var seed && seed < first + count)
            {
                using var history = new History(seed, hasHandlers: hasHandlers);
                foreach (var violation in ViolationsOf(history))
                    failures.Add((seed, violation));
                Interlocked.Add(ref calls, history.Calls);
                foreach (var what in history.Downstream)
                    downstream.AddOrUpdate(what, 1, (_, times) => times + 1);
            }
        }

        TestContext.Out.WriteLine($"{count} histories from seed {first}, {calls} storage calls, {clock.Elapsed.TotalSeconds:0.0} s");
        foreach (var (what, times) in downstream.OrderBy(one => one.Key, StringComparer.Ordinal))
            TestContext.Out.WriteLine($"{times} {what}");
        var teller = hasHandlers ? nameof(One_history_with_all_handlers_is_told) : nameof(One_history_is_told);
        Assert.That(failures.Order(), Is.Empty, $"SIMULATION_SEED=<seed> dotnet test --filter Name={teller} tells a history");
    }

    private static IReadOnlyList<string> ViolationsOf(History history)
    {
        try
        {
            return history.Run();
        }
        catch (InvalidOperationException e)
        {
            return [e.ToString()];
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
