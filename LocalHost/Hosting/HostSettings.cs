using System.ComponentModel.DataAnnotations;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>What this host takes from host.json.</summary>
/// <param name="RoutePrefix">The first segment of every route.</param>
/// <param name="Queues">The section <c>extensions.queues</c>.</param>
internal sealed record HostSettings(string RoutePrefix, QueueSettings Queues)
{
    private const string OverridePrefix = "AzureFunctionsJobHost";

    /// <summary>Reads host.json; <c>AzureFunctionsJobHost__extensions__queues__batchSize</c> and the like override it.</summary>
    /// <exception cref="InvalidOperationException">The file or a value in it is wrong; the message says what.</exception>
    public static HostSettings Read(string hostJsonPath, IConfiguration configuration)
    {
        try
        {
            var extensions = new ConfigurationBuilder()
                .AddJsonFile(hostJsonPath)
                .AddConfiguration(configuration.GetSection(OverridePrefix))
                .Build()
                .GetSection("extensions");
            var queues = extensions.GetSection("queues").Get<QueueSettings>() ?? new QueueSettings();
            Validator.ValidateObject(queues, new ValidationContext(queues), validateAllProperties: true);
            return new HostSettings(extensions["http:routePrefix"] ?? "api", queues);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidOperationException($"host.json: {e.GetBaseException().Message}");
        }
        catch (Exception e) when (e is InvalidOperationException or ValidationException)
        {
            throw new InvalidOperationException($"host.json: {e.Message}");
        }
    }
}

/// <summary>How queues are read, with the defaults and limits of the Functions host.</summary>
internal sealed record QueueSettings
{
    /// <summary>How many messages are fetched at once.</summary>
    [Range(1, 32)]
    public int BatchSize { get; init; } = 16;

    /// <summary>How few messages of a queue must be in work before more are fetched; null for the default.</summary>
    [Range(0, int.MaxValue)]
    public int? NewBatchThreshold { get; init; }

    /// <summary>How often a message is tried before it goes to the poison queue.</summary>
    [Range(1, int.MaxValue)]
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a failed message stays invisible.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>The longest pause between two looks at an empty queue; the default is that of the Functions host in development.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How the text of a message holds its bytes.</summary>
    public QueueMessageEncoding MessageEncoding { get; init; } = QueueMessageEncoding.Base64;

    /// <summary>The threshold in force.</summary>
    public int FetchBelow => NewBatchThreshold ?? Math.Max(1, BatchSize / 2) * Environment.ProcessorCount;
}
