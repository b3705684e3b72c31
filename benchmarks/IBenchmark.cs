using PointWebhooks.Benchmarks.Report;

namespace PointWebhooks.Benchmarks;

/// <summary>What fills one table of README.md.</summary>
internal interface IBenchmark
{
    /// <summary>Its command and the mark of its table.</summary>
    string Name { get; }

    /// <summary>What it measures, in a sentence.</summary>
    string Description { get; }

    /// <summary>Measures.</summary>
    Task<ReportTable> RunAsync(CancellationToken cancellationToken);
}
