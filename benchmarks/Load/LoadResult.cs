namespace PointWebhooks.Benchmarks.Load;

/// <summary>What a load has measured.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="Processor">The server's processor time for a request, in microseconds.</param>
/// <param name="Latencies">How long each took, in milliseconds, in ascending order.</param>
internal sealed record LoadResult(double Rate, double Processor, IReadOnlyList<double> Latencies)
{
    /// <summary>How long the given part of the requests took at most, in milliseconds.</summary>
    /// <param name="part">Such as 0.99.</param>
    public double Percentile(double part) => Latencies[(int)(part * (Latencies.Count - 1))];
}
