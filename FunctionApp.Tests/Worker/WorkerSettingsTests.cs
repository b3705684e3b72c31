using PointWebhooks.Tests.Telemetry;
using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>What an operator reads when a setting is wrong: the worker's standard error, which the host logs line by line.</summary>
internal sealed class WorkerSettingsTests
{
    private static readonly Dictionary<string, string> Mistakes = new()
    {
        ["Point__BaseUrl"] = "contoso",
        ["Point__EndpointUrl"] = "",
        ["WEBSITE_HOSTNAME"] = "",
        ["Ledger__RetentionDays"] = "-1",
    };

    [Test]
    public void Every_mistake_of_all_sections_is_a_line_that_the_host_logs_as_an_error()
    {
        var exited = Assert.ThrowsAsync<WorkerExitedException>(() => WorkerApp.StartAsync(Mistakes));

        var lines = exited.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.That(lines, Has.Exactly(3).Items.And.All.StartsWith("Settings error: "), exited.Error);
        Assert.That(lines, Has.One.Contains("Point:BaseUrl").And.One.Contains("Point:EndpointUrl")
            .And.One.Contains("Ledger:RetentionDays"));
        Assert.That(exited.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public void Storage_that_is_not_set_is_named()
    {
        var exited = Assert.ThrowsAsync<WorkerExitedException>(() => WorkerApp.StartAsync(new() { ["AzureWebJobsStorage"] = "" }));

        Assert.That(exited.Error, Does.Contain("AzureWebJobsStorage is missing. Set it to a connection string"));
        Assert.That(exited.ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task With_an_exporter_the_mistakes_are_sent_there_too()
    {
        await using var sink = await TelemetrySink.StartAsync();
        var settings = new Dictionary<string, string>(Mistakes)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };

        Assert.ThrowsAsync<WorkerExitedException>(() => WorkerApp.StartAsync(settings));

        Assert.That(sink.Received("/v1/logs"), Does.Contain("Point:BaseUrl").And.Contain("Ledger:RetentionDays"));
    }
}
