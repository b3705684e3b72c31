using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using PointWebhooks.Simulator;

namespace PointWebhooks.LocalHost;

/// <summary>Logs on the console: an entry is a line of readable length, whatever a sender put into it.</summary>
internal sealed class PlainConsole() : ConsoleFormatter(FormatterName)
{
    private const string FormatterName = "plain";
    private const int LongestMessage = 1000;
    private const int LongestException = 600;

    /// <summary>Adds the console.</summary>
    public static ILoggingBuilder AddTo(ILoggingBuilder logging)
    {
        logging.Services.AddSingleton<ConsoleFormatter, PlainConsole>();
        return logging.AddConsole(console => console.FormatterName = FormatterName);
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var time = DateTime.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var message = OneLine.Of(logEntry.Formatter(logEntry.State, logEntry.Exception), LongestMessage);
        var exception = logEntry.Exception is { } e ? " " + OneLine.Of(e, LongestException) : "";
        textWriter.WriteLine($"{time} {Word(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] {message}{exception}");
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
