using Microsoft.AspNetCore.Http;
using PointWebhooks.Functions;
using PointWebhooks.Operations;
using PointWebhooks.Receiving;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>The health check is open to everybody: it is neither a way to make calls nor a place to wait in.</summary>
internal sealed class ReceiverHealthTests : SimulatedAppTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    [Test]
    public void Calls_at_once_share_one_check_and_wait_three_seconds_at_most_while_storage_hangs()
    {
        App.Faults = _ => Fault.Hangs;

        var (answers, taken) = App.Timed(() => Task.WhenAll(Enumerable.Range(0, 20).Select(_ => IsHealthyAsync())));

        Assert.That(answers, Is.All.False);
        Assert.That(taken, Is.EqualTo(Limit));
        Assert.That(Account.Storage.Calls.Total, Is.EqualTo(1));
    }

    [Test]
    public void An_answer_holds_for_five_seconds_after_the_check_ended()
    {
        App.Faults = _ => Fault.Hangs;
        App.Run(IsHealthyAsync);
        App.Faults = _ => Fault.None;
        Account.Storage.Calls.Clear();

        Account.Advance(Lifetime);
        Assert.That(App.Run(IsHealthyAsync), Is.False, "stamped at its end");
        Assert.That(Account.Storage.Calls.Total, Is.Zero);
        Account.Advance(Instant);

        Assert.That(App.Run(IsHealthyAsync), Is.True);
        Assert.That(Account.Storage.Calls.Total, Is.EqualTo(1));
    }

    [Test]
    public void Storage_that_refuses_is_not_healthy_within_the_limit()
    {
        App.Faults = _ => Fault.Unavailable;

        var (isHealthy, taken) = App.Timed(IsHealthyAsync);

        Assert.That(isHealthy, Is.False);
        Assert.That(taken, Is.LessThanOrEqualTo(Limit));
    }

    [Test]
    public void Without_a_key_an_event_would_be_kept_in_quarantine()
    {
        var vendor = new SimulatedVendor { IsDown = true };
        using var withoutKey = new SimulatedApp(Account, vendor);

        Assert.That(withoutKey.Run(() => withoutKey.Get<ReceiverHealth>().IsHealthyAsync()), Is.True);
    }

    [Test]
    public void A_key_that_is_slow_to_come_keeps_nobody_and_events_would_be_quarantined_meanwhile()
    {
        var vendor = new SimulatedVendor { AnswerTime = TimeSpan.FromMinutes(1) };
        using var withoutKey = new SimulatedApp(Account, vendor);

        var (isHealthy, taken) = withoutKey.Timed(() => withoutKey.Get<ReceiverHealth>().IsHealthyAsync());

        Assert.That((isHealthy, taken), Is.EqualTo((true, TimeSpan.FromSeconds(1))));
    }

    [Test]
    public void A_key_that_is_slow_to_come_and_a_quarantine_that_is_full_are_not_healthy()
    {
        var vendor = new SimulatedVendor { AnswerTime = TimeSpan.FromMinutes(1) };
        using var withoutKey = new SimulatedApp(Account, vendor);
        Account.Put(new Azure.Data.Tables.TableEntity("quarantine", QuarantineStore.Waiting + "0") { ["BodyLength"] = (int)Quarantine.MaxBytes });

        Assert.That(withoutKey.Run(() => withoutKey.Get<ReceiverHealth>().IsHealthyAsync()), Is.False);
    }

    [TestCase(false, 200)]
    [TestCase(true, 503)]
    public void No_cache_keeps_the_answer(bool isDown, int status)
    {
        App.Faults = _ => isDown ? Fault.Unavailable : Fault.None;
        var context = new DefaultHttpContext();

        var answer = (IStatusCodeHttpResult)App.Run(() => App.Get<StatusRoutes>().HealthAsync(context.Request));

        Assert.That((answer.StatusCode, context.Response.Headers.CacheControl.ToString()), Is.EqualTo(((int?)status, "no-store")));
    }

    private Task<bool> IsHealthyAsync() => App.Get<ReceiverHealth>().IsHealthyAsync();
}
