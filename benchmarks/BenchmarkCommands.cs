using System.CommandLine;
using PointWebhooks.Benchmarks.Micro;
using PointWebhooks.Benchmarks.Report;
using PointWebhooks.Benchmarks.Runs;
using PointWebhooks.Benchmarks.Servers;

namespace PointWebhooks.Benchmarks;

/// <summary>The command line: a command for each table of README.md, and one for all of them.</summary>
internal static class BenchmarkCommands
{
    private static readonly IReadOnlyList<IBenchmark> All =
    [
        new MicroBenchmarks(),
        new RefusingBenchmark(),
        new AcceptingBenchmark(),
        new WorkerBenchmark(),
        new StartBenchmark(),
        new MemoryBenchmark(),
        new DrainingBenchmark(),
        new LatencyBenchmark(),
        new GrowthBenchmark(),
        new IdleBenchmark(),
    ];

    /// <summary>The commands.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("Measures this app beside others, as ratios of one run, and writes the tables of benchmarks/README.md.");
        foreach (var benchmark in All)
            root.Add(Create(benchmark.Name, benchmark.Description, [benchmark]));
        root.Add(Create("all", "Everything, one after the other: about an hour.", All));
        root.Add(ServeCommand());
        return root;
    }

    private static Command Create(string name, string description, IReadOnlyList<IBenchmark> benchmarks)
    {
        var command = new Command(name, description);
        command.SetAction(async (_, cancellationToken) =>
        {
            foreach (var benchmark in benchmarks)
            {
                Console.WriteLine($"{benchmark.Name}: {benchmark.Description}");
                ReadmeTables.Write(benchmark.Name, await benchmark.RunAsync(cancellationToken));
            }
        });
        return command;
    }

    // What is measured runs in processes of its own, which are this program, too.
    private static Command ServeCommand()
    {
        var name = new Argument<string>("server");
        var command = new Command("serve", "Runs a server that is measured.") { name };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => MeasuredServers.RunAsync(parsed.GetValue(name)!, cancellationToken));
        return command;
    }
}
