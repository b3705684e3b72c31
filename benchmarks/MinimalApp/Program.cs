using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
// As quiet as this app: the default sends the host several lines for each request.
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var storage = builder.Configuration["AzureWebJobsStorage"];
builder.Services.AddSingleton(new TableClient(storage, "minimal"));
builder.Services.AddSingleton(
    new QueueClient(storage, "minimal", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }));
await builder.Build().RunAsync();
