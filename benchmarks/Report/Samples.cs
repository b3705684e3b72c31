using System.Globalization;

namespace PointWebhooks.Benchmarks.Report;

/// <summary>Values of a measurement that was repeated.</summary>
/// <param name="Values">One of each round.</param>
internal sealed record Samples(IReadOnlyList<double> Values)
{
    /// <summary>The median.</summary>
    public double Median => Values.Order().ElementAt(Values.Count / 2);

    /// <summary>This by another, round by round: what disturbs one round disturbs both.</summary>
    public Samples Over(Samples other) => new([.. Values.Zip(other.Values, (mine, its) => mine / its)]);

    /// <summary>The median with the lowest and the highest, such as <c>0.97 (0.91–1.04)</c>.</summary>
    public override string ToString() => $"{Text(Median)} ({Text(Values.Min())}–{Text(Values.Max())})";

    private static string Text(double value) => value.ToString(
        value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
