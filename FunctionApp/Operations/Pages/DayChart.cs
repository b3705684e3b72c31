using System.Globalization;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations.Pages;

/// <summary>One bar of the chart, in its own units, from the upper left.</summary>
internal sealed record ChartBar(string Kind, int X, int Y, int Height);

/// <summary>The last day as a chart: three bars an hour, and the same in words.</summary>
/// <param name="Text">What the chart says, for those who do not see it.</param>
internal sealed record DayChart(IReadOnlyList<ChartBar> Bars, string Text)
{
    // An hour is 30 wide, a bar 8; the highest is 100 high.
    private const int HourWidth = 30;
    private const int BarWidth = 9;
    private const int FullHeight = 100;

    public static DayChart Of(DayCounts day)
    {
        var most = Math.Max(1, day.Hours.Max(hour => Math.Max(hour.Received, Math.Max(hour.Completed, hour.Dead))));
        var bars = day.Hours
            .SelectMany((hour, i) => new (string Kind, int Count, int X)[]
            {
                ("received", hour.Received, i * HourWidth),
                ("completed", hour.Completed, (i * HourWidth) + BarWidth),
                ("dead", hour.Dead, (i * HourWidth) + (2 * BarWidth)),
            })
            .Where(bar => bar.Count > 0)
            // One of many can still be seen.
            .Select(bar => (bar.Kind, bar.X, Height: Math.Max(2, bar.Count * FullHeight / most)))
            .Select(bar => new ChartBar(bar.Kind, bar.X, FullHeight - bar.Height, bar.Height));
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"The last 24 hours: {day.Hours.Sum(hour => hour.Received)} received, {day.Hours.Sum(hour => hour.Completed)} completed, "
            + $"{day.Hours.Sum(hour => hour.Dead)} dead; at most {most} in an hour.");
        return new DayChart([.. bars], text);
    }
}
