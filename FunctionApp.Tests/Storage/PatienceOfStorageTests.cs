using Azure;
using Azure.Data.Tables.Models;
using Azure.Identity;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Storage;

/// <summary>What is tried again, how often, for how long, and what is not.</summary>
internal sealed class PatienceOfStorageTests : SimulatedAppTests
{
    private int tried;

    private static IEnumerable<TestCaseData> Failures =>
    [
        new(new RequestFailedException(0, "no answer"), true),
        new(new RequestFailedException(400, "bad request"), false),
        new(new RequestFailedException(403, "forbidden"), false),
        new(new RequestFailedException(404, "not found"), false),
        new(new RequestFailedException(408, "timed out"), true),
        new(new RequestFailedException(409, "conflict"), false),
        new(new RequestFailedException(409, "being deleted", TableErrorCode.TableBeingDeleted.ToString(), null), true),
        new(new RequestFailedException(412, "changed"), false),
        new(new RequestFailedException(429, "throttled"), true),
        new(new RequestFailedException(499, "odd"), false),
        new(new RequestFailedException(500, "server error"), true),
        new(new RequestFailedException(503, "busy"), true),
        new(new IOException("reset"), true),
        new(new AuthenticationFailedException("no token"), true),
        new(new AggregateException(new IOException("reset"), new RequestFailedException(503, "busy")), true),
        new(new AggregateException(new IOException("reset"), new RequestFailedException(403, "forbidden")), false),
        new(new InvalidOperationException("a mistake"), false),
    ];

    [SetUp]
    public void Forget() => tried = 0;

    [TestCaseSource(nameof(Failures))]
    public void A_failure_that_may_pass_is_tried_again_and_no_other(Exception failure, bool isTriedAgain)
    {
        Assert.That(
            () => App.Run(() => RunAsync(_ => tried++ == 0 ? throw failure : Task.FromResult(true), TimeSpan.FromSeconds(10))),
            isTriedAgain ? Is.True : Throws.Exception.SameAs(failure));

        Assert.That(tried, Is.EqualTo(isTriedAgain ? 2 : 1));
        Assert.That(StorageFailure.Is(failure), Is.EqualTo(failure is not InvalidOperationException), "which is no failure of storage");
    }

    [TestCase(2)]
    [TestCase(10)]
    [TestCase(60)]
    [TestCase(3600)]
    public void What_fails_is_tried_for_its_budget_and_not_longer(int seconds)
    {
        var budget = TimeSpan.FromSeconds(seconds);
        var begun = Account.Now;

        Assert.That(() => App.Run(() => RunAsync(_ => FailAsync(), budget)), Throws.TypeOf<IOException>());

        // The last pause, two seconds at most, is left out when it would go beyond.
        Assert.That(Account.Now - begun, Is.InRange(budget - TimeSpan.FromSeconds(2), budget));
        Assert.That(tried, Is.GreaterThan(seconds / 2), "the pauses grow to two seconds and not beyond");
    }

    [Test]
    public void A_call_that_hangs_is_given_up_after_four_seconds_and_then_the_rest_of_the_budget()
    {
        var times = new List<double>();
        var begun = Account.Now;

        Assert.That(
            () => App.Run(() => RunAsync(
                async token =>
                {
                    times.Add((Account.Now - begun).TotalSeconds);
                    await VirtualWait.Async(TimeSpan.FromDays(1), App.Time, token);
                    return true;
                },
                TimeSpan.FromSeconds(10))),
            Throws.TypeOf<TimeoutException>().With.Message.EqualTo("Storage did not answer within 10 s."));

        Assert.That(times, Has.Count.EqualTo(3));
        Assert.That(times[1], Is.InRange(4, 4.1));
        Assert.That(times[2], Is.InRange(8, 8.3));
        Assert.That(Account.Now - begun, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Pages_share_one_budget(int secondsOfPage)
    {
        var begun = Account.Now;

        Assert.That(
            () => App.Run(() => App.Get<StorageRetry>().RunPagesAsync(
                async token =>
                {
                    tried++;
                    await VirtualWait.Async(TimeSpan.FromSeconds(secondsOfPage), App.Time, token);
                    return tried < 100;
                },
                TimeSpan.FromSeconds(10),
                CancellationToken.None)),
            Throws.TypeOf<TimeoutException>());

        Assert.That(Account.Now - begun, Is.EqualTo(TimeSpan.FromSeconds(10)).Within(TimeSpan.FromSeconds(0.1)));
    }

    [TestCase(0, 0)]
    [TestCase(0.5, 50)]
    public void A_pause_is_the_share_of_its_length_that_chance_gives(double chance, int milliseconds)
    {
        var retry = new StorageRetry(App.Time, new FixedRandom(chance));

        var (_, taken) = App.Timed(() => retry.RunAsync(_ => tried++ == 0 ? FailAsync() : Task.FromResult(true), TimeSpan.FromSeconds(10)));

        Assert.That(taken, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Test]
    public void Whoever_is_told_to_stop_does_not_try_again()
    {
        using var stopping = new CancellationTokenSource();
        var running = App.Begin(() => App.Get<StorageRetry>().RunAsync(_ => FailAsync(), TimeSpan.FromMinutes(5), stopping.Token));
        Account.Advance(TimeSpan.FromSeconds(3));
        var before = tried;

        App.Cancel(stopping);

        Assert.That(() => App.End(running), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(tried, Is.EqualTo(before));
    }

    private Task<bool> RunAsync(Func<CancellationToken, Task<bool>> call, TimeSpan budget) =>
        App.Get<StorageRetry>().RunAsync(call, budget);

    private Task<bool> FailAsync()
    {
        tried++;
        throw new IOException("reset");
    }
}
