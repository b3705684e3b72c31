using PointWebhooks.Tests.Infra;
using PointWebhooks.Tests.Simulator.Support;

namespace PointWebhooks.Tests.Simulator;

/// <summary>The tool for writing templates.</summary>
internal sealed class PreviewTests
{
    private const string Settings =
        """
        {
          "IsEncrypted": false,
          "Values": {
            "Handlers__Teams__it__WebhookUrl": "https://prod-01.westeurope.logic.azure.com/workflows/x?sig=s3cret",
            "Handlers__Teams__it__Text": "Ticket {{ url | last_segment }}",
            "Handlers__Http__crm__Url": "https://crm.contoso.example/hook",
            "Handlers__Http__crm__Secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "Handlers__EventGrid__all__Endpoint": "https://contoso.westeurope-1.eventgrid.azure.net/api/events",
            "Handlers__ServiceBus__all__Namespace": "contoso.servicebus.windows.net",
            "Handlers__ServiceBus__all__QueueOrTopic": "workspaces",
            "Handlers__ServiceBus__all__Sessions": "true"
          }
        }
        """;

    private string folder = null!;

    [SetUp]
    public void Start() => folder = Directory.CreateTempSubdirectory("preview-").FullName;

    [TearDown]
    public void Stop() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task It_shows_what_each_handler_would_send_for_a_sample()
    {
        var run = await RunAsync(Settings, "--type", "ProvisioningCompleted");

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("===== teams-it, ProvisioningCompleted").And.Contain("Ticket project-phoenix"));
        Assert.That(run.Output, Does.Contain("===== http-crm").And.Contain("webhook-signature: v1,").And.Contain("\"type\":\"com.syskit.point.provisioning.completed\""));
        Assert.That(run.Output, Does.Contain("===== eventgrid-all").And.Contain("===== servicebus-all").And.Contain("SessionId: project phoenix"));
        Assert.That(run.Output, Does.Not.Contain("s3cret").And.Not.Contain("whsec_"));
    }

    [Test]
    public async Task It_shows_one_handler_for_an_event_of_a_file()
    {
        var body = Path.Combine(folder, "event.json");
        await File.WriteAllTextAsync(body, """{"type":"ProvisioningStarted","content":{"name":"Nord"}}""");

        var run = await RunAsync(Settings, "--event", body, "--handler", "teams-it");

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((0, "===== teams-it, ProvisioningStarted\n(does not want it)\n")));
    }

    [TestCase("""{ "IsEncrypted": false }""", "No handler is configured. docs/handlers.md says how.")]
    [TestCase("""{ "IsEncrypted": false, "Values": { "Handlers__Http__a__Urll": "x" } }""", "- Handlers:Http:a:Urll is no setting of a handler of kind Http")]
    public async Task What_is_wrong_is_said(string settings, string said)
    {
        var run = await RunAsync(settings);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain(said));
    }

    private async Task<ChildProcess.Result> RunAsync(string settings, params string[] arguments)
    {
        var file = Path.Combine(folder, "local.settings.json");
        await File.WriteAllTextAsync(file, settings);
        return await SimulatorProcess.RunAsync(["preview", "--settings", file, .. arguments]);
    }
}
