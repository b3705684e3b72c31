using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using PointWebhooks.LocalHost;
using PointWebhooks.Settings;
using PointWebhooks.Tests.Support;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Settings;

/// <summary>What is said at start of all settings together.</summary>
public sealed partial class StartupTests
{
    private const string Secret = "s3cret-never-repeated";

    [Test]
    public void Everything_that_is_wrong_is_said_at_once_in_one_message()
    {
        var failure = Assert.Throws<SettingsException>(() => Services(
            ("AzureWebJobsStorage", "contoso"), ("Point:BaseUrl", "contoso"), ("Point:EventTypes:0", " "), ("Retry:Schedule:0", "1d"),
            ("Retry:Schedule:1", "five seconds"), ("Ledger:RetentionDays", "ninety"), ("AZURE_CLIENT_ID", "none")));

        var lines = failure!.Message.Split('\n');
        Assert.That(lines[0], Is.EqualTo("The settings are not right. (In environment variables and app settings, write __ for each : in a name.)"));
        Assert.That(lines[1..].Select(line => line.Split(' ')[1]), Is.EqualTo(
        [
            "AzureWebJobsStorage", "Point:BaseUrl", "Point:EventTypes:0", "Retry:Schedule:0", "Retry:Schedule:1", "Ledger:RetentionDays",
            "AZURE_CLIENT_ID",
        ]));
        Assert.That(failure.InnerException, Is.Null);
    }

    [Test]
    public void No_value_that_may_be_a_secret_is_repeated()
    {
        var failure = Assert.Throws<SettingsException>(() => Services(
            ("AzureWebJobsStorage", $"AccountKey={Secret}"), ("Point:BaseUrl", $"http://{Secret}.example"),
            ("Point:EndpointUrl", $"http://contoso.example/?code={Secret}"), ("Point:SignatureKey", $"{Secret} {Secret}"),
            ("Point:ClientSecret", $"\"{Secret}"), ("Point:ClientId", Secret), ("Point:TenantId", Secret), ("Point:ApiClientId", Secret),
            ("Point:DevelopmentToken", $"{Secret} x"), ("APPLICATIONINSIGHTS_CONNECTION_STRING", Secret), ("AZURE_CLIENT_ID", Secret)));

        Assert.That(failure!.Failures.Count(), Is.EqualTo(11));
        Assert.That(failure.ToString(), Does.Not.Contain(Secret));
    }

    [Test]
    public async Task What_is_probably_not_meant_is_said_in_the_log()
    {
        using var services = Services(("Point:EndpointUrl", $"https://contoso-webhooks.azurewebsites.net/?code={Secret}"));
        using var log = new FakeLoggerProvider();
        using var logging = new LoggerFactory([log]);

        await new StartupWarnings(services.GetRequiredService<StartupWarnings>().Messages, logging.CreateLogger<StartupWarnings>())
            .StartAsync(CancellationToken.None);

        Assert.That(Lines(log), Has.Count.EqualTo(1).And.All.StartsWith("A setting may be wrong: Point:EndpointUrl does not end in /api/webhooks/point"));
        Assert.That(Lines(log)[0], Does.Not.Contain(Secret));
    }

    [Test]
    public async Task What_is_probably_not_meant_is_said_when_the_app_starts()
    {
        using var log = new FakeLoggerProvider();
        var settings = ValidSettings.With(("Retry:Shedule", "00:00:01"));
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log))
            .AddSingleton(settings).AddPointWebhooks(settings).BuildServiceProvider();

        foreach (var started in services.GetServices<IHostedService>())
            await started.StartAsync(CancellationToken.None);

        var said = log.Collector.GetSnapshot().Single(entry => entry.Id.Id == 80);
        Assert.That((said.Level, said.Message), Is.EqualTo((
            LogLevel.Warning,
            "A setting may be wrong: Retry:Shedule is no setting of this app, and does nothing. Correct its name, or remove it.")));
    }

    [Test]
    public void Every_setting_is_documented()
    {
        var documented = NamesInTable().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "settings.md")))
            .Select(name => name.Groups[1].Value);

        var read = typeof(PointOptions).GetProperties().Select(property => $"{PointOptions.Section}:{property.Name}")
            .Concat(typeof(OperationsOptions).GetProperties().Select(property => $"{OperationsOptions.Section}:{property.Name}"))
            .Append("Retry:Schedule").Append("Ledger:RetentionDays");
        Assert.That(documented, Is.SupersetOf(read));
        Assert.That(documented.Where(name => name.StartsWith("Point:", StringComparison.Ordinal)), Is.SubsetOf(read));
    }

    [GeneratedRegex("^\\| `([A-Za-z_:]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex NamesInTable();

    private static List<string> Lines(FakeLoggerProvider log) =>
        [.. log.Collector.GetSnapshot().Select(entry => $"{entry.Message} {entry.Exception}")];
}
