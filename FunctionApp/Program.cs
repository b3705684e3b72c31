using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Hosting;
using PointWebhooks;
using PointWebhooks.Telemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddPointWebhooks(builder.Configuration);
var telemetry = builder.Services.AddPointTelemetry(builder.Configuration);
// They tell the host to leave the log of this process to it: with no exporter to bring it anywhere, it would be lost.
if (PointTelemetry.IsExported(builder.Configuration))
    telemetry.UseFunctionsWorkerDefaults();
await builder.Build().RunAsync();
