using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>What this host takes from host.json, with the defaults of the Functions host.</summary>
public sealed record HostSettings
{
    private const string OverridePrefix = "AzureFunctionsJobHost:";

    /// <summary>The first segment of every route.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>How many messages are fetched at once.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>How few must be in work before more are fetched.</summary>
    public int NewBatchThreshold { get; init; } = 8 * Environment.ProcessorCount;

    /// <summary>How often a message is tried before it goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a failed message stays invisible.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>The longest pause between two looks at an empty queue; the Functions host uses 2 s in development.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Reads host.json; <c>AzureFunctionsJobHost__extensions__queues__batchSize</c> and the like override it.</summary>
    public static HostSettings Read(string hostJsonPath, IConfiguration configuration)
    {
        var hostJson = JsonNode.Parse(
            File.ReadAllText(hostJsonPath),
            documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var defaults = new HostSettings();

        string? Value(string section, string name) =>
            configuration[$"{OverridePrefix}extensions:{section}:{name}"] ?? hostJson?["extensions"]?[section]?[name]?.ToString();
        int Number(string name, int otherwise) => Value("queues", name) is { } text ? int.Parse(text, null) : otherwise;
        TimeSpan Time(string name, TimeSpan otherwise) => Value("queues", name) is { } text ? TimeSpan.Parse(text, null) : otherwise;

        var batchSize = Number("batchSize", defaults.BatchSize);
        return new HostSettings
        {
            RoutePrefix = Value("http", "routePrefix") ?? defaults.RoutePrefix,
            BatchSize = batchSize,
            NewBatchThreshold = Number("newBatchThreshold", Math.Max(1, batchSize / 2) * Environment.ProcessorCount),
            MaxDequeueCount = Number("maxDequeueCount", defaults.MaxDequeueCount),
            VisibilityTimeout = Time("visibilityTimeout", defaults.VisibilityTimeout),
            MaxPollingInterval = Time("maxPollingInterval", defaults.MaxPollingInterval),
        };
    }
}
