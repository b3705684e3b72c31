using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Benchmarks.Report;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>Loads that take turns, so that whatever the machine does meanwhile does it to all of them.</summary>
internal sealed class Compared
{
    private const int Rounds = 9;

    private readonly List<(string Name, Func<Task<LoadResult>> Run, List<LoadResult> Results)> loads = [];

    /// <summary>Adds a load; the first one is what the others are compared with.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="run">Runs it once.</param>
    public void Add(string name, Func<Task<LoadResult>> run) => loads.Add((name, run, []));

    /// <summary>Runs all of them in turns, after some turns that do not count.</summary>
    /// <param name="warmUp">How many turns do not count. Until its code is optimized a server is busier with the compiler than with requests.</param>
    public async Task RunAsync(int warmUp = 1)
    {
        for (var turn = 0; turn < warmUp; turn++)
        {
            foreach (var (_, run, _) in loads)
                await run();
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (_, run, results) in loads)
                results.Add(await run());
        }
    }

    /// <summary>Adds a row for each to a table with the columns of <see cref="Table"/>.</summary>
    public void Describe(ReportTable table, string what)
    {
        var (rate, busy) = (Of(loads[0].Results, one => one.Rate), Of(loads[0].Results, one => one.Processor));
        var (p50, p99) = (Of(loads[0].Results, one => one.Percentile(0.5)), Of(loads[0].Results, one => one.Percentile(0.99)));
        foreach (var (name, _, results) in loads)
        {
            table.Add(
                what,
                name,
                $"{Of(results, one => one.Rate).Median:0}",
                $"{Of(results, one => one.Rate).Over(rate)}",
                $"{Of(results, one => one.Processor).Over(busy)}",
                $"{Of(results, one => one.Percentile(0.5)).Over(p50)}",
                $"{Of(results, one => one.Percentile(0.99)).Over(p99)}");
        }
    }

    /// <summary>A table for such rows.</summary>
    public static ReportTable Table() =>
        new("What", "By", "A second", "Times the first", "Processor time", "p50", "p99");

    private static Samples Of(IEnumerable<LoadResult> results, Func<LoadResult, double> value) => new([.. results.Select(value)]);
}
