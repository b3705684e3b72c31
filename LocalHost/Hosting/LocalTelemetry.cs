using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PointWebhooks.Telemetry;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>The app's telemetry, and what the Functions host and the worker would add to it.</summary>
internal static class LocalTelemetry
{
    /// <summary>
    /// Adds it where it goes anywhere. <c>OTEL_TRACES_EXPORTER=console</c>, a setting of OpenTelemetry's own, prints every span.
    /// </summary>
    public static void AddLocalTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var isPrinted = configuration["OTEL_TRACES_EXPORTER"] == "console";
        if (!isPrinted && !PointTelemetry.IsExported(configuration))
            return;
        services.AddPointTelemetry(configuration)
            .ConfigureResource(resource => resource.AddService(configuration["OTEL_SERVICE_NAME"] ?? "LocalHost"))
            .WithTracing(tracing =>
            {
                tracing.AddSource(HostActivity.HostSource, HostActivity.WorkerSource);
                if (isPrinted)
                    tracing.AddConsoleExporter();
            });
    }
}
