using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>What exporters are given by an app; complete once that app is disposed, and not to be read before.</summary>
internal sealed class Observed
{
    private readonly List<LogRecord> logs = [];

    public List<Activity> Spans { get; } = [];

    public List<MetricSnapshot> Metrics { get; } = [];

    public IEnumerable<LogEntry> Logs => logs.Select(LogEntry.Of);

    /// <summary>Adds in-memory exporters to the app's telemetry, which an app that exports nothing would not have.</summary>
    public void Listen(IServiceCollection services)
    {
        services.AddPointTelemetry(new ConfigurationBuilder().Build());
        services.ConfigureOpenTelemetryTracerProvider((_, tracing) => tracing.AddInMemoryExporter(Spans));
        services.ConfigureOpenTelemetryMeterProvider((_, metrics) => metrics.AddInMemoryExporter(Metrics));
        services.ConfigureOpenTelemetryLoggerProvider((_, logging) => logging.AddInMemoryExporter(logs));
    }

    /// <summary>The spans of a name about an event.</summary>
    public IReadOnlyList<Activity> Of(string name, string idempotencyKey) =>
        [.. Spans.Where(span => span.OperationName == name && idempotencyKey.Equals(span.GetTagItem("point.event.idempotency_key")))];
}
