using PointWebhooks.Tests.Support;
using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>What an operator reads when a setting is wrong: the worker's standard error, which the host logs line by line.</summary>
internal sealed class WorkerSettingsTests
{
    [Test]
    public void Every_mistake_is_a_line_that_the_host_logs_as_an_error()
    {
        var exited = Assert.ThrowsAsync<WorkerExitedException>(
            () => StartAsync(new() { ["Point__BaseUrl"] = "contoso", ["Point__EndpointUrl"] = "", ["WEBSITE_HOSTNAME"] = "" }));

        var lines = exited.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.That(lines, Has.Exactly(2).Items.And.All.StartsWith("Settings error: "), exited.Error);
        Assert.That(lines, Has.One.Contains("Point:BaseUrl").And.One.Contains("Point:EndpointUrl"));
        Assert.That(exited.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public void Storage_that_is_not_set_is_named()
    {
        var exited = Assert.ThrowsAsync<WorkerExitedException>(() => StartAsync(new() { ["AzureWebJobsStorage"] = "" }));

        Assert.That(exited.Error, Does.Contain("AzureWebJobsStorage is missing. Set it to a connection string"));
        Assert.That(exited.ExitCode, Is.Not.Zero);
    }

    [SetUp]
    public void Need() => RealParts.Need("the worker process");

    private static async Task StartAsync(Dictionary<string, string> settings)
    {
        await using var app = await WorkerApp.StartAsync(settings);
    }
}
