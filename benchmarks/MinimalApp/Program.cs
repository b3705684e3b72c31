using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
// It says nothing to the host but what the host asks for: the default sends several lines for each request.
builder.Logging.SetMinimumLevel(LogLevel.None);
var storage = builder.Configuration["AzureWebJobsStorage"];
builder.Services.AddSingleton(new TableClient(storage, "minimal"));
builder.Services.AddSingleton(
    new QueueClient(storage, "minimal", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }));
await builder.Build().RunAsync();
