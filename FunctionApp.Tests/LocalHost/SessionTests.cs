using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using PointWebhooks.LocalHost.Storage;
using PointWebhooks.Tests.LocalHost.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>What LocalHost says and does, as somebody who runs it meets it.</summary>
internal sealed class SessionTests
{
    private static readonly Dictionary<string, string?> NoStorage = new() { ["AzureWebJobsStorage"] = null };

    // An account that does not answer, and where nothing is demonstrated.
    private static readonly Dictionary<string, string?> Contoso = new()
    {
        ["AzureWebJobsStorage"] = "DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=c2VjcmV0;EndpointSuffix=invalid",
    };

    [Test]
    public async Task Each_LocalHost_has_an_emulator_of_its_own_that_ends_with_it_even_when_it_is_killed()
    {
        var (first, _) = await LocalHostProcess.StartAtFreePortsAsync(NoStorage, "Serving until Ctrl+C");
        await using var _ = first;
        var (second, port) = await LocalHostProcess.StartAtFreePortsAsync(NoStorage, "Serving until Ctrl+C");
        await using var __ = second;

        first.Kill();

        var queues = int.Parse(Regex.Match(first.Output, "its queues at port ([0-9]+)").Groups[1].Value, null);
        await Eventually.BecomesAsync(
            () => PortProbe.IsListeningAsync(queues, CancellationToken.None),
            isListening => !isListening,
            "the emulator of the killed one has ended");
        using var http = new HttpClient();
        await Eventually.BecomesAsync(
            async () =>
            {
                using var health = await http.GetAsync($"http://127.0.0.1:{port}/api/health");
                return health.StatusCode;
            },
            status => status == HttpStatusCode.OK,
            "the other one is healthy");
    }

    [Test]
    public async Task On_a_storage_account_it_says_which_and_does_not_demonstrate_unasked()
    {
        var (process, _) = await LocalHostProcess.StartAtFreePortsAsync(Contoso, "Serving until Ctrl+C");
        await using var _ = process;

        Assert.That(process.Output, Does.Contain("Storage: the account contoso (AzureWebJobsStorage)."));
        Assert.That(process.Output, Does.Contain("No demonstration").And.Not.Contains("Sent "));
        Assert.That(process.Output, Does.Not.Contain("c2VjcmV0"));
    }

    [Test]
    public async Task With_handlers_of_the_settings_it_sends_them_no_invented_events_unasked()
    {
        var environment = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = StorageEmulator.NewAccount(),
            ["Handlers__Teams__it__WebhookUrl"] = "https://127.0.0.1:9/workflow?sig=c2VjcmV0",
        };
        var (process, _) = await LocalHostProcess.StartAtFreePortsAsync(environment, "Serving until Ctrl+C");
        await using var _ = process;

        Assert.That(process.Output, Does.Contain("No demonstration, because the settings have handlers of their own (Handlers:Teams:it)"));
        Assert.That(process.Output, Does.Not.Contain("Sent ").And.Not.Contains("c2VjcmV0"));
        Assert.That(await FailAsync(environment, "--smoke"), Does.Contain("--smoke needs --demonstrate here, because the settings have handlers"));
    }

    [Test]
    public async Task The_systems_of_handlers_are_simulated_where_that_is_asked_for()
    {
        var (process, _) = await LocalHostProcess.StartAtFreePortsAsync(Contoso, "Serving until Ctrl+C", "--handlers");
        await using var _ = process;

        foreach (var system in new[] { "Jira", "ServiceNow", "A workflow of Teams", "A receiver of CloudEvents" })
            Assert.That(process.Output, Does.Contain($"{system} is simulated at http://127.0.0.1:"));
    }

    [Test]
    public async Task On_a_storage_account_a_smoke_run_has_to_be_asked_to_demonstrate()
    {
        var environment = new Dictionary<string, string?>(NoStorage) { ["AzureWebJobsStorage__accountName"] = "contoso" };

        var said = await FailAsync(environment, "--smoke");

        Assert.That(said, Does.Contain("Storage: the account contoso").And.Contain("--demonstrate"));
    }

    [Test]
    public async Task A_smoke_run_succeeds_also_where_the_settings_have_a_key_of_another_Syskit_Point()
    {
        var environment = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = StorageEmulator.NewAccount(),
            ["Point__SignatureKey"] = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        };
        var (process, _) = await LocalHostProcess.StartAtFreePortsAsync(environment, "very step went as expected.", "--smoke");
        await using var _ = process;

        Assert.That((await process.EndAsync()).ExitCode, Is.Zero, process.Output);
    }

    [Test]
    public async Task A_smoke_run_whose_demonstration_fails_ends_with_an_error()
    {
        var environment = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = StorageEmulator.NewAccount(),
            // What cannot be looked at is not waited for.
            ["AzureWebJobs.GetEvent.Disabled"] = "true",
        };
        var (process, _) = await LocalHostProcess.StartAtFreePortsAsync(environment, "NOT every step went as expected.", "--smoke");
        await using var _ = process;

        var ended = await process.EndAsync();

        Assert.That(ended.ExitCode, Is.EqualTo(1), process.Output);
        Assert.That(process.Output, Does.Contain("FAILED: The functions do not answer as expected: ").And.Not.Contains("Serving until Ctrl+C"));
    }

    [Test]
    public async Task A_port_that_is_taken_is_said_with_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var environment = PointSettings(StorageEmulator.NewAccount());

        var functions = await FailAsync(environment, "--no-simulator", "--port", $"{port}");
        var simulator = await FailAsync(environment, "--port", $"{port - 1}");

        Assert.That(functions, Does.Contain($"Port {port}, for the functions, is in use. Choose another with --port"));
        Assert.That(simulator, Does.Contain($"Port {port}, for the simulated Syskit Point, is in use. Choose other ports with --port"));
    }

    [TestCase("--smoke")]
    [TestCase("--demonstrate")]
    [TestCase("--handlers")]
    public async Task What_needs_the_simulator_does_not_go_without_it(string option) =>
        Assert.That(await FailAsync(NoStorage, "--no-simulator", option), Does.Contain("need the simulator: leave --no-simulator out."));

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("65535")]
    [TestCase("99999")]
    public async Task A_port_out_of_range_is_an_error(string port) =>
        Assert.That(await FailAsync(NoStorage, "--port", port), Does.Contain("--port is not between 1 and 65534."));

    [Test]
    public async Task Wrong_settings_of_several_sections_are_said_at_once()
    {
        var environment = PointSettings(StorageEmulator.NewAccount());
        environment["Point__BaseUrl"] = "contoso";
        environment["Ledger__RetentionDays"] = "0";

        var said = await FailAsync(environment, "--no-simulator");

        Assert.That(said, Does.Contain("Point:BaseUrl").And.Contain("Ledger:RetentionDays").And.Not.Contains("Hosting failed"));
    }

    [Test]
    public async Task Data_are_not_kept_for_a_storage_that_is_not_its_own() => Assert.That(
        await FailAsync(PointSettings(StorageEmulator.NewAccount()), "--keep-data", "unused"),
        Does.Contain("--keep-data is for LocalHost's own emulator"));

    private static Dictionary<string, string?> PointSettings(string storage) => new()
    {
        ["AzureWebJobsStorage"] = storage,
        ["Point__BaseUrl"] = "http://127.0.0.1:9",
        ["Point__EndpointUrl"] = "http://127.0.0.1:9/api/webhooks/point",
        ["Point__DevelopmentToken"] = "token",
    };

    private static async Task<string> FailAsync(Dictionary<string, string?> environment, params string[] arguments)
    {
        await using var process = LocalHostProcess.Start(null, environment, arguments);

        var (exitCode, _) = await process.EndAsync();

        Assert.That(exitCode, Is.Not.Zero, process.Output);
        Assert.That(process.Output, Does.Not.Contain("   at ").And.Not.Contains("Unhandled"));
        return process.Output;
    }
}
