using PointWebhooks.Operations;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>The health check is open to everybody: it is neither a way to make calls nor a place to wait in.</summary>
internal sealed class ReceiverHealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private SimulatedAccount account = null!;
    private SimulatedApp app = null!;

    [SetUp]
    public void Start()
    {
        account = new SimulatedAccount();
        app = new SimulatedApp(account);
    }

    [TearDown]
    public void Stop() => app.Dispose();

    [Test]
    public void Calls_at_once_share_one_check_and_wait_three_seconds_at_most_while_storage_hangs()
    {
        app.Faults = _ => Fault.Hangs;

        var (answers, taken) = app.Timed(() => Task.WhenAll(Enumerable.Range(0, 20).Select(_ => IsHealthyAsync())));

        Assert.That(answers, Is.All.False);
        Assert.That(taken, Is.EqualTo(Limit));
        Assert.That(account.Storage.Calls.Total, Is.EqualTo(1));
    }

    [Test]
    public void An_answer_holds_for_five_seconds_after_the_check_ended()
    {
        app.Faults = _ => Fault.Hangs;
        app.Run(IsHealthyAsync);
        app.Faults = _ => Fault.None;
        account.Storage.Calls.Clear();

        account.Advance(Lifetime);
        Assert.That(app.Run(IsHealthyAsync), Is.False, "stamped at its end");
        Assert.That(account.Storage.Calls.Total, Is.Zero);
        account.Advance(Instant);

        Assert.That(app.Run(IsHealthyAsync), Is.True);
        Assert.That(account.Storage.Calls.Total, Is.EqualTo(1));
    }

    [Test]
    public void Storage_that_refuses_is_not_healthy_within_the_limit()
    {
        app.Faults = _ => Fault.Unavailable;

        var (isHealthy, taken) = app.Timed(IsHealthyAsync);

        Assert.That(isHealthy, Is.False);
        Assert.That(taken, Is.LessThanOrEqualTo(Limit));
    }

    [Test]
    public void Without_a_key_an_event_would_be_kept_in_quarantine()
    {
        var vendor = new SimulatedVendor { IsDown = true };
        using var withoutKey = new SimulatedApp(account, vendor);

        Assert.That(withoutKey.Run(() => withoutKey.Get<ReceiverHealth>().IsHealthyAsync()), Is.True);
    }

    [Test]
    public void A_key_that_is_slow_to_come_keeps_nobody_longer_than_the_limit()
    {
        var vendor = new SimulatedVendor { AnswerTime = TimeSpan.FromMinutes(1) };
        using var withoutKey = new SimulatedApp(account, vendor);

        var (isHealthy, taken) = withoutKey.Timed(() => withoutKey.Get<ReceiverHealth>().IsHealthyAsync());

        Assert.That((isHealthy, taken), Is.EqualTo((false, Limit)));
    }

    private Task<bool> IsHealthyAsync() => app.Get<ReceiverHealth>().IsHealthyAsync();
}
