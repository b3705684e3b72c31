using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PointWebhooks.Storage;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>Queue triggers: a poller for each.</summary>
internal sealed class QueueFunctions(
    IReadOnlyList<FunctionDescriptor> functions,
    StorageConnection storage,
    HostSettings settings,
    IConfiguration configuration,
    IServiceProvider services,
    ILogger<QueueFunctions> logger) : BackgroundService
{
    // Read here, so that a setting that a trigger names and that is missing is an error at start.
    private readonly IReadOnlyList<(FunctionDescriptor Function, QueueTrigger Trigger)> triggered =
        functions.With<QueueTrigger>(configuration);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Texts as they are: they are decoded message by message, so that a bad one does not take its batch with it.
        var queues = storage.Queues(QueueMessageEncoding.None);
        return Task.WhenAll(triggered.Select(each =>
        {
            var processor = new QueueMessageProcessor(
                each.Function, queues, each.Trigger.QueueName, settings.Queues, services, TimeProvider.System, logger);
            return new QueuePoller(processor, settings.Queues, TimeProvider.System, logger).RunAsync(stoppingToken);
        }));
    }
}
