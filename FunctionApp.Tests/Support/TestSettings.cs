using Microsoft.Extensions.Configuration;

namespace PointWebhooks.Tests.Support;

/// <summary>The settings without which the app does not start.</summary>
internal static class TestSettings
{
    public static IConfiguration With(string storage) => new ConfigurationBuilder()
        .AddInMemoryCollection(
        [
            new("AzureWebJobsStorage", storage),
            new("Point:BaseUrl", "http://127.0.0.1:9"),
            new("Point:EndpointUrl", "http://127.0.0.1:9/api/webhooks/point"),
            new("Point:DevelopmentToken", "development"),
        ])
        .Build();
}
