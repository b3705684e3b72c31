using System.Net;
using System.Net.Sockets;
using PointWebhooks.Tests.LocalHost.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>Ctrl+C ends LocalHost at once, whatever it is at, and it leaves nothing running.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "SIGINT, and shell scripts in place of npm and node")]
internal sealed class InterruptTests
{
    // What takes half a second here, with room for a busy machine; what it waits for in these tests takes minutes or never ends.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(60);

    [TestCase("npm")]
    [TestCase("node")]
    public async Task It_ends_while_the_emulator_is_installed_or_started(string program)
    {
        using var repository = new ScriptedRepository(program);
        await using var process = LocalHostProcess.Start(repository.Path, repository.Environment);
        await Eventually.TrueAsync(() => repository.HasStarted, $"{program} runs");

        await process.InterruptAsync();

        await AssertEndedAsync(process);
        await Eventually.TrueAsync(() => !repository.IsRunning, $"{program} has been ended");
    }

    [TestCase("is simulated at")]
    [TestCase("The functions listen")]
    public async Task It_ends_while_it_starts_on_a_storage_that_never_answers(string phase)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        var storage = StorageEmulator.ConnectionString("silent", "c2lsZW50", [port, port, port]);
        var (process, _) = await LocalHostProcess.StartAtFreePortsAsync(new() { ["AzureWebJobsStorage"] = storage }, phase);
        await using var _ = process;

        await process.InterruptAsync();

        await AssertEndedAsync(process);
    }

    [Test]
    public async Task It_ends_while_it_serves()
    {
        var environment = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = StorageEmulator.NewAccount() };
        var (process, _) = await LocalHostProcess.StartAtFreePortsAsync(environment, "Serving until Ctrl+C");
        await using var _ = process;

        await process.InterruptAsync();

        var exitCode = await AssertEndedAsync(process);
        Assert.That(exitCode, Is.Zero);
    }

    private static async Task<int> AssertEndedAsync(LocalHostProcess process)
    {
        var (exitCode, waited) = await process.EndAsync();
        await TestContext.Progress.WriteLineAsync($"{TestContext.CurrentContext.Test.Name}: {waited.TotalSeconds:0.0} s");
        Assert.That(waited, Is.LessThan(AtOnce), process.Output);
        Assert.That(process.Output, Does.Contain("Stopping ...").And.Not.Contains("   at "));
        return exitCode;
    }
}
