using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Hosting;
using PointWebhooks;
using PointWebhooks.Telemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddPointWebhooks(builder.Configuration);
var telemetry = builder.Services.AddPointTelemetry(builder.Configuration);
// The worker then tells the host to leave its logs alone: with no exporter to bring them anywhere, they would be lost.
if (PointTelemetry.IsExported(builder.Configuration))
    telemetry.UseFunctionsWorkerDefaults();
await builder.Build().RunAsync();
