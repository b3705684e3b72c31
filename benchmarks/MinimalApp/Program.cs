using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
var storage = builder.Configuration["AzureWebJobsStorage"];
builder.Services.AddSingleton(new TableClient(storage, "minimal"));
builder.Services.AddSingleton(
    new QueueClient(storage, "minimal", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }));
await builder.Build().RunAsync();
