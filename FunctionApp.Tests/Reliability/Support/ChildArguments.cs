using System.Globalization;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>What a child process is told on its command line; its settings come through the environment, as in Azure.</summary>
/// <param name="Port">The port it listens on.</param>
/// <param name="ClockOrigin">When its clock showed the real time, in UTC.</param>
/// <param name="ClockFactor">How many times as fast as the real one its clock goes.</param>
/// <param name="ClockShift">How far its clock is ahead besides.</param>
/// <param name="Downstream">Where its handlers send their effects.</param>
internal sealed record ChildArguments(int Port, DateTimeOffset ClockOrigin, int ClockFactor, TimeSpan ClockShift, Uri Downstream)
{
    public static ChildArguments Parse(IReadOnlyList<string> arguments) => new(
        int.Parse(arguments[0], CultureInfo.InvariantCulture),
        new DateTimeOffset(long.Parse(arguments[1], CultureInfo.InvariantCulture), TimeSpan.Zero),
        int.Parse(arguments[2], CultureInfo.InvariantCulture),
        new TimeSpan(long.Parse(arguments[3], CultureInfo.InvariantCulture)),
        new Uri(arguments[4]));

    public IReadOnlyList<string> ToCommandLine() =>
        [$"{Port}", $"{ClockOrigin.UtcTicks}", $"{ClockFactor}", $"{ClockShift.Ticks}", Downstream.ToString()];
}
