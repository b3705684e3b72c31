using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>What an exporter sees of one log record.</summary>
internal sealed record LogEntry(
    int Id, LogLevel Level, string Category, string? Message, string TraceId, IReadOnlyDictionary<string, object?> Scope)
{
    public static LogEntry Of(LogRecord record)
    {
        var scope = new Dictionary<string, object?>();
        record.ForEachScope(
            (level, all) =>
            {
                foreach (var value in level)
                    all[value.Key] = value.Value;
            },
            scope);
        return new LogEntry(
            record.EventId.Id, record.LogLevel, record.CategoryName ?? "", record.FormattedMessage, record.TraceId.ToHexString(), scope);
    }
}
