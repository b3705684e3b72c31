using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Outgoing;

namespace PointWebhooks.Tests.Handlers.Outgoing;

/// <summary>What stands between a day's retries and a system that has just come back.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HandlerGateTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeLogger log = new();
    private readonly HandlerGate gate;
    private int calls;

    public HandlerGateTests() => gate = new HandlerGate("jira-it", new HandlerLimits(2), time, log);

    [Test]
    public async Task No_more_run_at_once_than_the_limit_says()
    {
        var held = new TaskCompletionSource();
        var (running, most) = (0, 0);
        var runs = Enumerable.Range(0, 10).Select(_ => gate.RunAsync(
            async _ =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await held.Task;
                Interlocked.Decrement(ref running);
            },
            CancellationToken.None)).ToList();

        Assert.That(running, Is.EqualTo(2));
        held.SetResult();
        await Task.WhenAll(runs);
        Assert.That(most, Is.EqualTo(2));
    }

    [Test]
    public async Task When_most_calls_fail_it_is_not_called_for_half_a_minute_and_then_one_call_tries()
    {
        for (var i = 0; i < 5; i++)
            await FailureAsync(() => new HttpRequestException("away"));
        var open = await FailureAsync(() => null);

        Assert.That(calls, Is.EqualTo(5));
        Assert.That(open, Is.TypeOf<TransientFailureException>().With.Property("RetryAfter").EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(open!.Message, Is.EqualTo("Not called, because most of the last calls failed; the next may be made in 30 s."));

        time.Advance(TimeSpan.FromSeconds(31));
        var held = new TaskCompletionSource();
        var probe = gate.RunAsync(_ => held.Task, CancellationToken.None);
        Assert.That(await FailureAsync(() => null), Is.TypeOf<TransientFailureException>(), "beside the one that tries");
        Assert.That(calls, Is.EqualTo(5));
        held.SetResult();
        await probe;

        Assert.That(await FailureAsync(() => null), Is.Null);
        Assert.That(calls, Is.EqualTo(6));
    }

    [Test]
    public async Task Fewer_failures_than_half_of_the_calls_leave_it_called_and_half_of_them_do_not()
    {
        for (var i = 0; i < 3; i++)
            await FailureAsync(() => null);
        for (var i = 0; i < 2; i++)
            await FailureAsync(() => new HttpRequestException("away"));
        var before = gate.Circuit;

        await FailureAsync(() => new HttpRequestException("away"));

        Assert.That((before, gate.Circuit), Is.EqualTo(("closed", "open")), "2 of 5, then 3 of 6");
    }

    [TestCase(12, "open")]
    [TestCase(16, "closed")]
    public async Task The_calls_of_a_minute_count(int secondsBetween, string circuit)
    {
        for (var i = 0; i < 5; i++)
        {
            await FailureAsync(() => new HttpRequestException("away"));
            if (i < 4)
                time.Advance(TimeSpan.FromSeconds(secondsBetween));
        }

        Assert.That(gate.Circuit, Is.EqualTo(circuit));
    }

    [Test]
    public async Task What_is_cancelled_and_was_not_told_to_stop_is_a_failure()
    {
        for (var i = 0; i < 5; i++)
            await FailureAsync(() => new TaskCanceledException("by a time limit of its own"));

        Assert.That(gate.Circuit, Is.EqualTo("open"));
    }

    [Test]
    public void A_run_that_has_taken_too_long_is_a_failure()
    {
        using var wide = new HandlerGate("jira-it", new HandlerLimits(5), time, log);
        var runs = Enumerable.Range(0, 5)
            .Select(_ => wide.RunAsync(token => Task.Delay(Timeout.InfiniteTimeSpan, token), CancellationToken.None)).ToList();

        time.Advance(TimeSpan.FromSeconds(45));

        Assert.CatchAsync<TransientFailureException>(() => Task.WhenAll(runs));
        Assert.That(wide.Circuit, Is.EqualTo("open"));
    }

    [Test]
    public async Task Operators_read_when_it_is_not_called_and_when_it_is_again()
    {
        for (var i = 0; i < 5; i++)
            await FailureAsync(() => new HttpRequestException("away"));
        time.Advance(TimeSpan.FromSeconds(31));
        await FailureAsync(() => null);

        Assert.That(log.Collector.GetSnapshot().Select(entry => (entry.Id.Id, entry.Level, entry.Message)), Is.EqualTo(
        [
            (21, LogLevel.Warning, "Handler jira-it is not called for 30 s, because most of its last calls failed."),
            (22, LogLevel.Information, "Handler jira-it is called again."),
        ]));
    }

    [Test]
    public async Task Failures_of_single_events_and_stops_do_not_count()
    {
        using var stopping = new CancellationTokenSource();
        for (var i = 0; i < 20; i++)
        {
            await FailureAsync(() => new PermanentFailureException("no such project"));
            await FailureAsync(() => new TransientFailureException("not found yet", TimeSpan.FromMinutes(1)) { ConcernsEventAlone = true });
        }

        stopping.Cancel();
        for (var i = 0; i < 20; i++)
        {
            Assert.That(
                () => gate.RunAsync(token => Task.FromCanceled(token), stopping.Token), Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(await FailureAsync(() => null), Is.Null);
    }

    [Test]
    public async Task Whoever_asks_to_wait_is_left_alone_by_all_events()
    {
        await FailureAsync(() => new TransientFailureException("429", TimeSpan.FromMinutes(2)));
        time.Advance(TimeSpan.FromSeconds(30));
        var held = await FailureAsync(() => null);

        Assert.That(calls, Is.EqualTo(1));
        Assert.That(held, Is.TypeOf<TransientFailureException>().With.Property("RetryAfter").EqualTo(TimeSpan.FromSeconds(90)));
        Assert.That(held!.Message, Is.EqualTo("Not called, because it has asked to be left alone for another 90 s."));
        time.Advance(TimeSpan.FromSeconds(91));
        Assert.That(await FailureAsync(() => null), Is.Null);
        Assert.That(log.Collector.GetSnapshot().Select(entry => entry.Message), Does.Contain("Handler jira-it is not called for 120 s, because it was asked to wait."));
        Assert.That(log.Collector.GetSnapshot().Count(entry => entry.Id == 23), Is.EqualTo(1), "not for each event that comes meanwhile");
    }

    [TestCase(600, 5)]
    [TestCase(5, 600)]
    public async Task Of_two_that_run_at_once_and_are_asked_to_wait_the_longer_time_stands(int first, int second)
    {
        TaskCompletionSource[] answers = [new(), new()];
        var runs = answers.Select(answer => gate.RunAsync(_ => answer.Task, CancellationToken.None)).ToList();

        answers[0].SetException(new TransientFailureException("429", TimeSpan.FromSeconds(first)));
        Assert.CatchAsync<TransientFailureException>(() => runs[0]);
        answers[1].SetException(new TransientFailureException("429", TimeSpan.FromSeconds(second)));
        Assert.CatchAsync<TransientFailureException>(() => runs[1]);

        Assert.That(
            await FailureAsync(() => null),
            Is.TypeOf<TransientFailureException>().With.Property("RetryAfter").EqualTo(TimeSpan.FromSeconds(600)));
        Assert.That(calls, Is.Zero, "it is left alone");
    }

    [Test]
    public async Task A_run_has_less_time_than_a_lease_lasts()
    {
        var run = gate.RunAsync(token => Task.Delay(Timeout.InfiniteTimeSpan, token), CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(44));
        Assert.That(run.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));

        Exception? failure = null;
        try
        {
            await run;
        }
        catch (TransientFailureException e)
        {
            failure = e;
        }

        Assert.That(failure?.Message, Is.EqualTo("It did not finish within 45 s."));
    }

    [Test]
    public async Task Operators_see_whether_it_is_called()
    {
        var seen = new List<string> { gate.Circuit };
        for (var i = 0; i < 5; i++)
            await FailureAsync(() => new HttpRequestException("away"));
        seen.Add(gate.Circuit);
        time.Advance(TimeSpan.FromSeconds(31));
        var held = new TaskCompletionSource();
        var probe = gate.RunAsync(_ => held.Task, CancellationToken.None);
        seen.Add(gate.Circuit);
        held.SetResult();
        await probe;
        seen.Add(gate.Circuit);
        await FailureAsync(() => new TransientFailureException("429", TimeSpan.FromMinutes(2)));
        seen.Add(gate.Circuit);
        time.Advance(TimeSpan.FromMinutes(2));
        seen.Add(gate.Circuit);

        Assert.That(seen, Is.EqualTo(["closed", "open", "trying", "closed", "held", "closed"]));
    }

    public void Dispose() => gate.Dispose();

    private async Task<Exception?> FailureAsync(Func<Exception?> fails)
    {
        try
        {
            await gate.RunAsync(
                _ =>
                {
                    calls++;
                    return fails() is { } failure ? Task.FromException(failure) : Task.CompletedTask;
                },
                CancellationToken.None);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
