using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace PointWebhooks.Telemetry;

/// <summary>
/// OpenTelemetry: traces, metrics and logs of this app, to Application Insights when <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>
/// is set, and by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is.
/// </summary>
public static class PointTelemetry
{
    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // Read by the exporter itself, such as microsoft.fixed_percentage with OTEL_TRACES_SAMPLER_ARG=0.1.
    private const string TracesSampler = "OTEL_TRACES_SAMPLER";

    /// <summary>Whether telemetry goes anywhere.</summary>
    public static bool IsExported(IConfiguration configuration) =>
        IsSet(configuration, ConnectionString) || IsSet(configuration, OtlpEndpoint);

    /// <summary>
    /// Adds the app's source and meter and the exporters that are configured; without one, every span would be made for nobody. The spans of
    /// the HTTP stack and of the Azure clients stay out: every look at storage would be one, and an outgoing url may be a secret in itself.
    /// </summary>
    public static IOpenTelemetryBuilder AddPointTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        IOpenTelemetryBuilder telemetry = services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(PointActivity.SourceName))
            .WithMetrics(metrics => metrics.AddMeter(PointActivity.SourceName))
            .WithLogging(null, logging => (logging.IncludeScopes, logging.IncludeFormattedMessage) = (true, true));
        if (IsSet(configuration, ConnectionString))
            telemetry.AddAzureMonitor(configuration);
        if (IsSet(configuration, OtlpEndpoint))
            telemetry.UseOtlpExporter();
        return telemetry;
    }

    private static void AddAzureMonitor(this IOpenTelemetryBuilder telemetry, IConfiguration configuration)
    {
        telemetry.UseAzureMonitorExporter();
        telemetry.Services.Configure<AzureMonitorExporterOptions>(exporter =>
        {
            exporter.Credential = MonitorCredential.From(configuration);
            // The exporter's own default, five traces a second, would lose the traces of a burst of events, and parts of others.
            if (!IsSet(configuration, TracesSampler))
                (exporter.TracesPerSecond, exporter.SamplingRatio) = (null, 1);
            // With fewer traces, what the log says of an event is kept all the same.
            exporter.EnableTraceBasedLogsSampler = false;
            // Five a minute from every process, which nothing here asks for and which are paid by volume.
            exporter.EnablePerformanceCounters = false;
        });
    }

    private static bool IsSet(IConfiguration configuration, string setting) => !string.IsNullOrEmpty(configuration[setting]);
}
