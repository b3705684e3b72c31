using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.Tests.Infra;

/// <summary>The script that runs RegisterEndpoint once, against a stand-in for the host's admin API.</summary>
[Platform(Exclude = "Win", Reason = "The pipeline runs it with bash on Linux.")]
internal sealed class RegisterScriptTests
{
    private readonly ConcurrentQueue<string> asked = [];
    private readonly ConcurrentQueue<int> answers = [];
    private WebApplication host = null!;

    [SetUp]
    public async Task StartHostAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        host = builder.Build();
        host.MapFallback(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            var request = context.Request;
            var key = request.Headers["x-functions-key"];
            asked.Enqueue($"{request.Method} {request.Path} {key} {request.ContentType} {await body.ReadToEndAsync()}");
            context.Response.StatusCode = answers.TryDequeue(out var answer) ? answer : StatusCodes.Status202Accepted;
        });
        await host.StartAsync();
        asked.Clear();
        answers.Clear();
    }

    [TearDown]
    public async Task StopHostAsync() => await host.DisposeAsync();

    [Test]
    public async Task It_starts_the_function_with_the_master_key()
    {
        var script = await RunAsync("the master key");

        Assert.That((script.ExitCode, script.Error), Is.EqualTo((0, "")));
        Assert.That(asked, Is.EqualTo(["POST /admin/functions/RegisterEndpoint the master key application/json {}"]));
    }

    [Test]
    public async Task It_asks_again_while_the_app_is_starting()
    {
        answers.Enqueue(StatusCodes.Status503ServiceUnavailable);
        answers.Enqueue(StatusCodes.Status404NotFound);

        var script = await RunAsync("the master key");

        Assert.That(script.ExitCode, Is.Zero, script.Error);
        Assert.That(asked, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task It_fails_when_the_app_goes_on_refusing()
    {
        foreach (var _ in Enumerable.Range(0, 10))
            answers.Enqueue(StatusCodes.Status401Unauthorized);

        var script = await RunAsync("a wrong key");

        Assert.That(script.ExitCode, Is.Not.Zero);
        Assert.That(script.Output + script.Error, Does.Not.Contain("a wrong key").And.Contain("401"));
    }

    [Test]
    public async Task It_says_what_to_set_when_the_key_is_missing()
    {
        var script = await RunAsync("");

        Assert.That(script.ExitCode, Is.Not.Zero);
        Assert.That(script.Error, Does.Contain("Set FUNCTIONS_MASTER_KEY"));
    }

    private Task<ChildProcess.Result> RunAsync(string key) => ChildProcess.RunAsync(
        Bicep.Folder,
        "bash",
        ["scripts/register.sh", host.Urls.Single()],
        new Dictionary<string, string> { ["FUNCTIONS_MASTER_KEY"] = key, ["RETRIES"] = "3", ["RETRY_DELAY"] = "1" });
}
