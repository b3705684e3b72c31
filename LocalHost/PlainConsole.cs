using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace PointWebhooks.LocalHost;

/// <summary>Logs on the console, a line each.</summary>
internal static class PlainConsole
{
    public static ILoggingBuilder AddPlainConsole(this ILoggingBuilder logging) => logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.TimestampFormat = "HH:mm:ss ";
        console.ColorBehavior = LoggerColorBehavior.Disabled;
    });
}
