using PointWebhooks.Handlers;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Downstream;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>The demonstration says what it saw, also when that is not what it should be.</summary>
internal sealed class DemonstrationTests
{
    // Far more than a busy machine takes for a step.
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(10);

    private readonly List<string> told = [];

    [SetUp]
    public void Forget() => told.Clear();

    [Test]
    public async Task A_dead_event_is_said_at_once_with_its_error()
    {
        await using var app = await TestApp.StartAsync(isTiming: false);
        app.Records.BeforeEach = (_, _) => throw new PermanentFailureException("The ticket system is gone.");
        var started = System.Diagnostics.Stopwatch.StartNew();

        var hasSucceeded = await RunAsync(app, app.Http.BaseAddress!);

        Assert.That(hasSucceeded, Is.False);
        Assert.That(told, Has.Exactly(3).Matches<string>(line => line.Contains("says Dead: ", StringComparison.Ordinal)
            && line.Contains("The ticket system is gone.", StringComparison.Ordinal)));
        Assert.That(started.Elapsed, Is.LessThan(Enough), "which each event would take, were it waited for");
        Assert.That(told[^1], Is.EqualTo("NOT every step went as expected."));
    }

    [Test]
    public async Task An_endpoint_that_is_not_registered_is_said()
    {
        await using var app = await TestApp.StartAsync(isTiming: false);

        var hasSucceeded = await RunAsync(app, app.Http.BaseAddress!);

        Assert.That(hasSucceeded, Is.False);
        Assert.That(told[0], Does.StartWith("FAILED: ").And.Contain("is not registered with Syskit Point"));
        Assert.That(told, Has.Exactly(1).StartsWith("FAILED: "));
    }

    [Test]
    public async Task Functions_that_do_not_answer_are_said_without_a_stack_trace()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);

        var hasSucceeded = await RunAsync(app, new Uri($"http://127.0.0.1:{StorageEmulator.FreePorts(1)[0]}"));

        Assert.That(hasSucceeded, Is.False);
        Assert.That(told, Has.Some.StartsWith("FAILED: The functions do not answer as expected: "));
        Assert.That(told, Has.None.Contains("   at "));
    }

    [Test]
    public async Task What_handlers_do_is_shown_in_the_systems_that_they_work_with()
    {
        await using var downstreams = await SimulatedDownstreams.StartAsync(_ => { }, CancellationToken.None);
        await using var app = await TestApp.StartAsync(isTiming: false, settings: downstreams.Settings);
        app.Point.Register(app.Receiver.ToString());

        var hasSucceeded = await RunAsync(app, app.Http.BaseAddress!, new HandlerStory(downstreams));

        Assert.That(hasSucceeded, Is.True, string.Join('\n', told));
        Assert.That(told, Has.Some.StartsWith("In Jira, ticket ITSM-1 was answered and is Done: The team Project Phoenix is ready. It is at https://contoso.sharepoint.com/sites/ITSM-1"));
        Assert.That(told, Has.Some.EqualTo(
            "In ServiceNow, incident INC0010001 was opened: The team Project Phoenix could not be provisioned."));
        Assert.That(told, Has.Some.EqualTo("In ServiceNow, incident INC0010001 was resolved: Solution provided."));
        Assert.That(told, Has.Some.StartsWith("In Teams, a card of "));
        Assert.That(told, Has.Some.StartsWith("The receiver of CloudEvents got it once, as "));
    }

    private Task<bool> RunAsync(TestApp app, Uri functions, HandlerStory? handlers = null) =>
        new Demonstration(app.Point, functions, told.Add, handlers, Enough).RunAsync(CancellationToken.None);
}
