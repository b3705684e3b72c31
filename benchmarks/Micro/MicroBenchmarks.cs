using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using PointWebhooks.Benchmarks.Report;

namespace PointWebhooks.Benchmarks.Micro;

/// <summary>What runs without a server, by BenchmarkDotNet.</summary>
internal sealed class MicroBenchmarks : IBenchmark
{
    private const int Iterations = 15;

    public string Name => "micro";

    public string Description => "verifying and parsing one request, against what cannot be done without";

    public Task<ReportTable> RunAsync(CancellationToken cancellationToken)
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(Iterations))
            .AddLogger(NullLogger.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default);
        var table = new ReportTable("What", "Body", "By", "Time", "Times the first", "Allocated");
        foreach (var type in (Type[])[typeof(VerifyingBenchmarks), typeof(ParsingBenchmarks)])
        {
            foreach (var size in BenchmarkRunner.Run(type, config).Reports.GroupBy(report => report.BenchmarkCase.Parameters.DisplayInfo))
                Add(table, type.Name.Replace("Benchmarks", "", StringComparison.Ordinal), [.. size]);
        }

        return Task.FromResult(table);
    }

    private static void Add(ReportTable table, string what, IReadOnlyList<BenchmarkReport> reports)
    {
        var baseline = reports.Single(report => report.BenchmarkCase.Descriptor.Baseline).ResultStatistics!.Median;
        foreach (var report in reports)
        {
            var (benchmark, result) = (report.BenchmarkCase, report.ResultStatistics!);
            table.Add(
                what,
                $"{(int)benchmark.Parameters["Size"]} B",
                benchmark.Descriptor.WorkloadMethod.Name,
                string.Create(CultureInfo.InvariantCulture, $"{result.Median / 1000:0.00} µs"),
                new Samples([.. result.OriginalValues.Select(value => value / baseline)]).ToString(),
                $"{report.GcStats.GetBytesAllocatedPerOperation(benchmark)} B");
        }
    }
}
