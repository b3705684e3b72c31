using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>
/// Histories of the app, each made of a seed. A large run, which says how to see a history that failed again:
/// <c>SIMULATION_COUNT=100000 dotnet test FunctionApp.Tests --filter "Name=Many_histories_keep_the_promise"</c>
/// </summary>
public sealed class HistoryTests
{
    private const int MaxFailures = 20;

    [Test]
    public void A_seed_makes_one_and_the_same_history([Values(1, 2, 3, 4, 5)] int seed)
    {
        var (first, firstHash) = Told(seed);

        var (second, secondHash) = Told(seed);

        Assert.That(second, Is.EqualTo(first), "line by line");
        Assert.That(secondHash, Is.EqualTo(firstHash));
    }

    [Test]
    public void A_thousand_histories_keep_the_promise() => Run(1, 1000);

    [Test]
    [Explicit("Takes as long as SIMULATION_COUNT says.")]
    public void Many_histories_keep_the_promise() => Run(Setting("SIMULATION_SEED", 1), Setting("SIMULATION_COUNT", 100_000));

    [Test]
    [Explicit("Writes the history of SIMULATION_SEED.")]
    public void One_history_is_told()
    {
        using var history = new History(Setting("SIMULATION_SEED", 1), TestContext.Out);

        Assert.That(history.Run(), Is.Empty);
    }

    private static (string[] Lines, string Hash) Told(int seed)
    {
        using var text = new StringWriter();
        using var history = new History(seed, text);
        history.Run();
        return (text.ToString().Split('\n'), history.Hash);
    }

    private static void Run(int first, int count)
    {
        var clock = Stopwatch.StartNew();
        var (calls, failures) = (0L, new ConcurrentBag<(int Seed, string What)>());
        // A history runs on one thread, and shares nothing with another.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(first, first + count, parallel, seed =>
        {
            if (failures.Count < MaxFailures)
                Interlocked.Add(ref calls, Run(seed, failures));
        });
        TestContext.Out.WriteLine($"{count} histories from seed {first}, {calls} storage calls, {clock.Elapsed.TotalSeconds:0.0} s");
        Assert.That(failures.Order(), Is.Empty, "SIMULATION_SEED=<seed> dotnet test --filter Name=One_history_is_told tells a history");
    }

    private static int Run(int seed, ConcurrentBag<(int Seed, string What)> failures)
    {
        using var history = new History(seed);
        try
        {
            foreach (var violation in history.Run())
                failures.Add((seed, violation));
        }
        catch (InvalidOperationException e)
        {
            failures.Add((seed, e.ToString()));
        }

        return history.Calls;
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
