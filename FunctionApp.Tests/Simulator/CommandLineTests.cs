using System.Net;
using System.Net.Sockets;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Infra;
using PointWebhooks.Tests.Simulator.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Simulator;

/// <summary>What somebody who runs the commands is told: a line, an exit code, no stack trace and no secret.</summary>
internal sealed class CommandLineTests
{
    private const string Send = "send ProvisioningCompleted --key k";

    [TestCase(Send, "--to")]
    [TestCase(Send + " --to contoso.example", "--to is not an absolute http or https url")]
    [TestCase(Send + " --to ftp://contoso.example", "--to is not an absolute http or https url")]
    [TestCase(Send + " --to http://127.0.0.1:9 --size -5", "--size is not between 0 and 67108864")]
    [TestCase(Send + " --to http://127.0.0.1:9 --size 2000000000", "--size is not between 0 and 67108864")]
    [TestCase(Send + " --to http://127.0.0.1:9 --count 0", "--count is not between 1 and")]
    [TestCase(Send + " --to http://127.0.0.1:9 --count -1", "--count is not between 1 and")]
    [TestCase(Send + " --to http://127.0.0.1:9 --count many", "--count")]
    [TestCase(Send + " --to http://127.0.0.1:9 --timeout 0", "--timeout is not between 1 and 3600")]
    [TestCase(Send + " --to http://127.0.0.1:9 --count 2 --idempotency-key k", "--idempotency-key names one event")]
    [TestCase("send ProvisioningCompleted --to http://127.0.0.1:9", "There is no signature key")]
    [TestCase(Send + " --to http://127.0.0.1:9 --count many --idempotency-key k", "--idempotency-key names one event")]
    [TestCase("check", "argument missing")]
    [TestCase("check contoso.azurewebsites.net", "app is not an absolute http or https url")]
    [TestCase("check http://127.0.0.1:9 --timeout -1", "--timeout is not between 1 and 86400")]
    [TestCase("after-deploy --url http://127.0.0.1:9", "There is no master key: set POINT_MASTER_KEY")]
    [TestCase("serve --port 99999", "--port is not between 0 and 65535")]
    [TestCase("serve --port -1", "--port is not between 0 and 65535")]
    public async Task A_wrong_argument_is_an_error(string arguments, string said)
    {
        var run = await SimulatorProcess.RunAsync(arguments.Split(' '));

        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Error, Does.Contain(said));
        AssertPlain(run);
    }

    [Test]
    public async Task A_busy_port_is_said()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var run = await SimulatorProcess.RunAsync("serve", "--port", $"{port}");

        var said = $"Port {port}, for the simulated Syskit Point, is in use. Choose another with --port.";
        Assert.That((run.ExitCode, run.Error.Trim()), Is.EqualTo((1, said)));
    }

    [Test]
    public async Task A_receiver_that_does_not_answer_is_said_without_the_secrets_of_its_url()
    {
        using var silent = OddServer.Silent();
        using var closing = OddServer.Closing();
        var authority = $"user:passw0rd@127.0.0.1";

        var refused = await SendAsync($"http://{authority}:{StorageEmulator.FreePorts(1)[0]}/api?code=k3y-of-the-url");
        var timedOut = await SendAsync($"http://{authority}:{silent.Url.Port}/api?code=k3y-of-the-url", "--timeout", "1");
        var closed = await SendAsync($"http://{authority}:{closing.Url.Port}/api?code=k3y-of-the-url");

        Assert.That(refused.Error, Does.Match(@"^http://127\.0\.0\.1:[0-9]+/api did not answer: ."));
        Assert.That(timedOut.Error, Does.Match(@"^http://127\.0\.0\.1:[0-9]+/api did not answer within 1 s\."));
        Assert.That(closed.Error, Does.Match(@"^http://127\.0\.0\.1:[0-9]+/api (closed|broke) "));
        Assert.That(new[] { refused, timedOut, closed }.Select(run => run.ExitCode), Is.All.EqualTo(SendCommand.Unreachable));
    }

    [Test]
    public async Task Https_at_a_port_of_http_is_said()
    {
        await using var app = await FakeApp.StartAsync();
        var url = app.Url.ToString().Replace("http:", "https:", StringComparison.Ordinal);

        var send = await SendAsync(url);
        var check = await SimulatorProcess.RunAsync("check", url, "--timeout", "8");
        // A busy machine may need all of that for one try.
        for (var seconds = 32; seconds < 600 && check.Output.Contains("has not answered", StringComparison.Ordinal); seconds *= 4)
            check = await SimulatorProcess.RunAsync("check", url, "--timeout", $"{seconds}");

        Assert.That((send.ExitCode, check.ExitCode), Is.EqualTo((SendCommand.Unreachable, 1)));
        Assert.That(send.Error, Does.Contain("makes no TLS connection"));
        Assert.That(check.Output, Does.Contain("GET /api/health makes no TLS connection"));
        AssertPlain(check);
    }

    [Test]
    public async Task A_page_in_place_of_an_answer_is_said_and_not_printed()
    {
        using var page = OddServer.Answering("200 OK\r\nContent-Type: text/html", "<html>Sign in</html>");

        var run = await SendAsync(page.Url.ToString(), "--forge");

        Assert.That(run.ExitCode, Is.EqualTo(SendCommand.NotAsExpected));
        Assert.That(run.Output, Does.Contain("answered 200, with text/html instead of 401.").And.Not.Contains("Sign in"));
    }

    [Test]
    public async Task A_signed_event_is_not_sent_on_to_where_a_server_points()
    {
        using var elsewhere = OddServer.Answering("202 Accepted");
        using var pointing = OddServer.Answering($"307 Temporary Redirect\r\nLocation: {elsewhere.Url}");

        var run = await SendAsync(pointing.Url.ToString());

        Assert.That(run.ExitCode, Is.EqualTo(SendCommand.NotAsExpected));
        Assert.That(run.Output, Does.Contain("answered 307 instead of 202 or 200."));
    }

    [Test]
    public async Task A_refusal_is_said_with_its_reason_code()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);

        var run = await SendAsync(app.Receiver.ToString());

        Assert.That(run.ExitCode, Is.EqualTo(SendCommand.NotAsExpected));
        Assert.That(run.Output, Does.Contain("answered 401, signature-mismatch instead of 202 or 200."));
    }

    [Test]
    public async Task A_forgery_is_sent_twice_when_asked_for()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);

        var run = await SendAsync(app.Receiver.ToString(), "--forge", "--duplicate");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output.Trim().Split('\n'), Has.Length.EqualTo(2).And.All.Contains("answered 401, signature-mismatch."));
    }

    [TestCase("check")]
    [TestCase("after-deploy", "--url")]
    public async Task A_secret_of_the_environment_with_a_line_break_at_its_end_is_taken_as_meant_and_never_printed(params string[] command)
    {
        await using var app = await FakeApp.StartAsync();
        app.Registration = (DateTimeOffset.UtcNow, "in-place", null, app.Version);

        var run = await SimulatorProcess.RunWithAsync(
            new()
            {
                ["POINT_FUNCTION_KEY"] = FakeApp.MasterKey + "\n",
                ["POINT_MASTER_KEY"] = FakeApp.MasterKey + "\n",
                ["POINT_SIGNATURE_KEY"] = "the signature key\n",
            },
            [.. command, app.Url.ToString()]);

        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        Assert.That(run.Output, Does.Not.Contain(FakeApp.MasterKey).And.Not.Contains("the signature key"));
        AssertPlain(run);
    }

    private static async Task<ChildProcess.Result> SendAsync(string to, params string[] more)
    {
        var run = await SimulatorProcess.RunAsync(["send", "ProvisioningCompleted", "--to", to, "--key", "s1gnature", .. more]);
        AssertPlain(run);
        return run;
    }

    private static void AssertPlain(ChildProcess.Result run)
    {
        var said = run.Output + run.Error;
        Assert.That(said, Does.Not.Contain("   at ").And.Not.Contains("Unhandled"));
        Assert.That(said, Does.Not.Contain("passw0rd").And.Not.Contains("k3y-of-the-url").And.Not.Contains("s1gnature"));
    }
}
