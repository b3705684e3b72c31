using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Tests.LocalHost.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>When a timer function runs, as on the Functions host; the clock starts at 12:00:00.</summary>
internal sealed class TimerRulesTests
{
    private RecordedTime time = null!;
    private TestFunction function = null!;

    [SetUp]
    public void Start() => (time, function) = (new RecordedTime(), new TestFunction());

    [Test]
    public async Task A_schedule_has_seconds()
    {
        using var timers = await StartedAsync("*/20 * * * * *");

        await AdvanceAsync(TimeSpan.FromSeconds(20), 1);
        await AdvanceAsync(TimeSpan.FromSeconds(20), 2);
        await AdvanceAsync(TimeSpan.FromSeconds(20), 3);

        Assert.That(function.Invocations, Is.EqualTo(new[] { "12:00:20", "12:00:40", "12:01:00" }));
        await timers.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task A_run_does_not_overlap_with_the_next_which_follows_once_when_it_ends()
    {
        var ending = new TaskCompletionSource();
        function.Body = _ => ending.Task;
        using var timers = await StartedAsync("0 * * * * *");

        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => function.Invocations.Count == 1, "the first run");
        time.Advance(TimeSpan.FromSeconds(200));
        Assert.That(function.Invocations, Has.Count.EqualTo(1), "while it runs");
        ending.SetResult();
        await Eventually.TrueAsync(() => time.Waits.Count == 2, "it waits again");

        Assert.That(function.Invocations, Is.EqualTo(new[] { "12:01:00", "12:02:00" }), "at 12:04:20, when three times had passed");
        Assert.That(time.Waits[^1], Is.EqualTo(TimeSpan.FromSeconds(40)), "for 12:05:00");
        await timers.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task An_error_does_not_stop_the_schedule()
    {
        function.Body = _ => throw new InvalidOperationException("It fails.");
        using var timers = await StartedAsync("0 * * * * *");

        await AdvanceAsync(TimeSpan.FromMinutes(1), 1);
        await AdvanceAsync(TimeSpan.FromMinutes(1), 2);

        Assert.That(function.Invocations, Has.Count.EqualTo(2));
        await timers.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task A_schedule_may_be_a_setting()
    {
        using var timers = await StartedAsync("%Test__Schedule%", new() { ["Test:Schedule"] = "30 * * * * *" });

        Assert.That(time.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(30) }));
        await timers.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task A_disabled_function_runs_only_when_it_is_told_to([Values("true", "1", "True")] string value)
    {
        var functions = Functions("0 * * * * *", new() { ["AzureWebJobs.TestFunction.Disabled"] = value });
        await functions.StartAsync(CancellationToken.None);

        await functions.RunNowAsync("TestFunction", CancellationToken.None);

        Assert.That((time.Waits.Count, function.Invocations.Count), Is.EqualTo((0, 1)));
        await functions.StopAsync(CancellationToken.None);
    }

    [TestCase("%Test:Schedule%", "Test:Schedule")]
    [TestCase("every minute", "every minute")]
    [TestCase("* * * * *", "NCRONTAB")]
    public void A_schedule_that_is_missing_or_wrong_is_an_error_at_start(string schedule, string named) => Assert.That(
        () => Functions(schedule), Throws.InvalidOperationException.With.Message.Contains(named));

    private async Task<TimerFunctions> StartedAsync(string schedule, Dictionary<string, string?>? settings = null)
    {
        var functions = Functions(schedule, settings);
        await functions.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => time.Waits.Count == 1, "it waits for the first run");
        return functions;
    }

    private TimerFunctions Functions(string schedule, Dictionary<string, string?>? settings = null) => new(
        [TestFunction.With(new TimerTrigger(schedule))],
        new ConfigurationBuilder().AddInMemoryCollection(settings ?? []).Build(),
        function.Services,
        time,
        NullLogger<TimerFunctions>.Instance);

    // Moves the clock and waits until the function has run and waits for its next time.
    private async Task AdvanceAsync(TimeSpan by, int runs)
    {
        time.Advance(by);
        await Eventually.TrueAsync(() => time.Waits.Count == runs + 1, $"run {runs} is over");
    }
}
