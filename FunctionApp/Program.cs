using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PointWebhooks;
using PointWebhooks.Telemetry;

try
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.ConfigureFunctionsWebApplication();
    builder.UseMiddleware<RunningInvocations>();
    builder.Services.AddHostedService(services => services.GetRequiredService<RunningInvocations>());
    builder.Services.AddPointWebhooks(builder.Configuration);
    // UseFunctionsWorkerDefaults has the host drop this process's log: without an exporter it would be lost.
    if (PointTelemetry.IsExported(builder.Configuration))
        builder.Services.AddPointTelemetry(builder.Configuration).UseFunctionsWorkerDefaults();
    await builder.Build().RunAsync();
    return 0;
}
catch (OptionsValidationException e)
{
    // The host logs standard error line by line, as an error where the line has that word.
    foreach (var failure in e.Failures)
        Console.Error.WriteLine($"Settings error: {failure}");
    return 1;
}
