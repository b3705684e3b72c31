using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Simulator;

/// <summary>The check that follows a deployment, against the app itself.</summary>
internal sealed class DeploymentCheckTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private readonly List<string> told = [];

    [SetUp]
    public void Forget() => told.Clear();

    [Test]
    public async Task A_good_deployment_is_seen_to_complete_an_event()
    {
        await using var app = await TestApp.StartAsync();

        var isGood = await new DeploymentCheck(app.Http, told.Add).RunAsync(app.Point.SignatureKey, null, Enough, CancellationToken.None);

        Assert.That(isGood, Is.True, string.Join('\n', told));
        Assert.That(told, Has.Count.EqualTo(3).And.Some.EndsWith("answers 200, Completed."));
        Assert.That(app.Records.Handled.Single().Event.Type, Is.EqualTo(DeploymentCheck.EventType));
    }

    [Test]
    public async Task Without_the_signature_key_the_health_alone_is_checked()
    {
        await using var app = await TestApp.StartAsync();

        var isGood = await new DeploymentCheck(app.Http, told.Add).RunAsync(null, null, Enough, CancellationToken.None);

        Assert.That((isGood, told.Count), Is.EqualTo((true, 1)));
    }

    [Test]
    public async Task A_wrong_signature_key_fails_the_check()
    {
        await using var app = await TestApp.StartAsync();

        var isGood = await new DeploymentCheck(app.Http, told.Add).RunAsync("not the key", null, Enough, CancellationToken.None);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain("answers 401"));
    }

    [Test]
    public async Task An_event_that_is_not_processed_fails_the_check()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false);

        var isGood = await new DeploymentCheck(app.Http, told.Add).RunAsync(app.Point.SignatureKey, null, Short, CancellationToken.None);

        Assert.That(isGood, Is.False);
        Assert.That(told[^1], Does.Contain("answers 200, Received"));
    }

    [Test]
    public async Task An_app_that_does_not_answer_fails_the_check()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{StorageEmulator.FreePorts(1)[0]}") };

        var isGood = await new DeploymentCheck(http, told.Add).RunAsync(null, null, Short, CancellationToken.None);

        Assert.That(isGood, Is.False);
        Assert.That(told.Single(), Does.StartWith("GET /api/health does not answer"));
    }

    [TestCase(new[] { "check" }, 1)]
    [TestCase(new[] { "check", "contoso.azurewebsites.net" }, 1)]
    [TestCase(new[] { "check", "APP", "--timeout", "60" }, 0)]
    public async Task The_command_ends_with_the_outcome(string[] arguments, int expected)
    {
        await using var app = await TestApp.StartAsync();

        string[] line = [.. arguments.Select(argument => argument == "APP" ? app.Http.BaseAddress!.ToString() : argument)];
        var exitCode = await SimulatorCommands.Root().Parse(line).InvokeAsync();

        Assert.That(exitCode, Is.EqualTo(expected));
    }
}
