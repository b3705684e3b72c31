using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>From which level on something is logged where no setting says so.</summary>
internal sealed class LogLevelTests
{
    [TestCase("PointWebhooks.Receiving.WebhookReceiver", LogLevel.Information)]
    [TestCase("Microsoft.AspNetCore.Routing.EndpointMiddleware", LogLevel.Warning)]
    [TestCase("System.Net.Sockets", LogLevel.Warning)]
    [TestCase("Azure.Core", LogLevel.Warning)]
    [TestCase("Polly", LogLevel.Warning)]
    public void This_app_says_what_it_does_and_a_library_what_goes_wrong(string category, LogLevel least)
    {
        using var log = new FakeLoggerProvider();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)).AddPointLogLevels().BuildServiceProvider();

        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        Assert.That((logger.IsEnabled(least - 1), logger.IsEnabled(least)), Is.EqualTo((false, true)));
    }

    [TestCase("System.Net.Http.HttpClient.jira-it.LogicalHandler")]
    [TestCase("Microsoft.AspNetCore.Hosting.Diagnostics")]
    public void No_setting_of_the_console_opens_what_writes_urls(string category)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Console:LogLevel:Default"] = "Trace", [$"Console:LogLevel:{category}"] = "Trace" })
            .Build();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddConfiguration(settings).AddConsole()).AddPointLogLevels().BuildServiceProvider();

        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        Assert.That((logger.IsEnabled(LogLevel.Information), logger.IsEnabled(LogLevel.Warning)), Is.EqualTo((false, true)));
    }
}
