using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using PointWebhooks.Benchmarks.Load;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Hosting;

namespace PointWebhooks.Benchmarks.Servers;

/// <summary>This app, with its functions in one process and the settings of the environment.</summary>
internal static class ProductServer
{
    /// <summary>The setting that says which functions are triggered, with commas.</summary>
    private const string Triggers = "BENCHMARK_TRIGGERS";

    /// <summary>Its settings for a storage account, named as environment variables.</summary>
    /// <param name="storage">The connection to the account.</param>
    /// <param name="triggers">Which functions are triggered: <c>http</c>, <c>queue</c>, <c>timer</c>.</param>
    public static Dictionary<string, string> Settings(string storage, params IEnumerable<string> triggers) => new()
    {
        [Triggers] = string.Join(',', triggers),
        // The others write nothing to the console either.
        ["Logging__Console__LogLevel__Default"] = "None",
        ["AzureWebJobsStorage"] = storage,
        ["Point__BaseUrl"] = "http://127.0.0.1:9",
        ["Point__EndpointUrl"] = "http://127.0.0.1:7071/api/webhooks/point",
        ["Point__DevelopmentToken"] = "none",
        ["Point__SelfCheck"] = "false",
        ["Point__SignatureKey"] = RawRequest.Key,
    };

    /// <summary>Builds it.</summary>
    public static WebApplication Build()
    {
        var triggers = Environment.GetEnvironmentVariable(Triggers)!.Split(',');
        var disabled = FunctionDescriptor.All
            .Where(function => !triggers.Contains(Kind(function.Trigger)))
            .ToDictionary(function => function.DisabledSetting, _ => (string?)"true");
        return FunctionsHost.Build(
            RepositoryRoot.Find(), 0, configuration => configuration.AddEnvironmentVariables().AddInMemoryCollection(disabled));
    }

    private static string Kind(FunctionTrigger trigger) => trigger switch
    {
        HttpTrigger => "http",
        QueueTrigger => "queue",
        _ => "timer",
    };
}
