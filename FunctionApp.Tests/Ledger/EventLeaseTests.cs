using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>Who holds an event, until when, and what a holder learns, with the default lease of a minute.</summary>
internal sealed class EventLeaseTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private SimulatedAccount account = null!;
    private SimulatedApp app = null!;
    private SimulatedApp other = null!;

    [SetUp]
    public void Start()
    {
        account = new SimulatedAccount();
        app = new SimulatedApp(account);
        other = new SimulatedApp(account);
    }

    [TearDown]
    public void Stop()
    {
        app.Dispose();
        other.Dispose();
    }

    [Test]
    public void A_lease_of_a_processor_that_is_gone_ends_after_a_minute_and_not_before()
    {
        app.Claimed("key");
        app.Process.Kill();
        account.Advance(EventLedger.LeaseTime - Instant);
        Assert.That(other.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Leased));

        account.Advance(Instant);

        Assert.That(other.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.TakenOver));
    }

    [Test]
    public void A_lease_is_renewed_for_as_long_as_it_is_held_and_its_holder_is_not_disturbed()
    {
        var lease = app.Claimed("key");

        for (var minute = 0; minute < 10; minute++)
        {
            account.Advance(EventLedger.LeaseTime);
            Assert.That(lease.Held.IsCancellationRequested, Is.False, $"minute {minute}");
            Assert.That(other.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Leased), $"minute {minute}");
        }
    }

    [Test]
    public void Its_holder_is_told_ten_seconds_before_it_ends_when_renewals_fail(
        [Values("503", "no answer", "connection lost")] string failure, [Values(0, 1, 3)] int renewals)
    {
        var lease = app.Claimed("key");
        account.Advance((EventLedger.LeaseTime / 3 * renewals) + Instant);
        app.Faults = _ => failure switch
        {
            "503" => Fault.Unavailable,
            "no answer" => Fault.Hangs,
            _ => new Fault(false, FaultAnswer.ConnectionLost),
        };

        account.Advance(EventLedger.LeaseTime - Margin - (2 * Instant));
        Assert.That(lease.Held.IsCancellationRequested, Is.False, "an instant before");
        account.Advance(Instant);
        Assert.That(lease.Held.IsCancellationRequested, Is.True);

        account.Advance(Margin - Instant);
        Assert.That(other.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Leased), "an instant before the end of the lease");
        account.Advance(Instant);
        Assert.That(other.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.TakenOver));
    }

    [Test]
    public void A_run_of_a_handler_of_45_seconds_fits_into_what_a_lease_holds_without_a_renewal()
    {
        var lease = app.Claimed("key");
        app.Faults = _ => Fault.Unavailable;

        account.Advance(HandlerLimits.TotalTime);

        Assert.That(HandlerLimits.TotalTime, Is.EqualTo(TimeSpan.FromSeconds(45)));
        Assert.That(lease.Held.IsCancellationRequested, Is.False);
        account.Advance(TimeSpan.FromSeconds(5));
        Assert.That(lease.Held.IsCancellationRequested, Is.True);
        account.Advance(TimeSpan.FromSeconds(10) - Instant);
        Assert.That(other.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Leased));
        account.Advance(Instant);
        Assert.That(other.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.TakenOver), "a minute after the claim");
    }

    [Test]
    public void A_renewal_that_succeeds_after_an_outage_keeps_the_lease()
    {
        var lease = app.Claimed("key");
        app.Faults = _ => Fault.Unavailable;
        account.Advance(TimeSpan.FromSeconds(45));
        Assert.That(lease.Held.IsCancellationRequested, Is.False);

        app.Faults = _ => Fault.None;
        account.Advance(EventLedger.LeaseTime);

        Assert.That(lease.Held.IsCancellationRequested, Is.False);
        Assert.That(other.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Leased));
    }

    [Test]
    public void Its_holder_is_told_when_another_has_claimed_the_event()
    {
        var lease = app.Claimed("key");
        account.Edit(lease.Event.Id.Row, row => row["LeaseUntil"] = account.Now);
        Assert.That(other.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.TakenOver));

        account.Advance((EventLedger.LeaseTime / 3) + Instant);

        Assert.That(lease.Held.IsCancellationRequested, Is.True, "its renewal met the other's claim");
        Assert.That(() => app.Run(lease.CompleteAsync), Throws.TypeOf<LeaseLostException>());
    }

    [TestCase("retried", EventState.Retrying)]
    [TestCase("dead", EventState.Dead)]
    [TestCase("completed", EventState.Completed)]
    [TestCase("released", EventState.Received)]
    public void A_lease_that_was_given_back_writes_nothing_any_more(string how, EventState expected)
    {
        var lease = app.Claimed("key");
        app.Run(() => how switch
        {
            "retried" => lease.RetryAsync("error", TimeSpan.FromMinutes(5)),
            "dead" => lease.DieAsync("error"),
            "completed" => lease.CompleteAsync(),
            _ => lease.ReleaseAsync(),
        });
        var given = app.Find("key")!;
        account.Storage.Calls.Clear();

        // Not disposed: what follows, such as the message of the next attempt, may take long.
        account.Advance(5 * EventLedger.LeaseTime);

        Assert.That(account.Storage.Calls.Total, Is.Zero);
        Assert.That(app.Find("key")!.ETag, Is.EqualTo(given.ETag));
        Assert.That((given.State, given.LeaseUntil, given.LeaseOwner), Is.EqualTo((expected, default(DateTimeOffset?), default(string))));
    }

    [Test]
    public void A_handler_that_ends_after_its_lease_was_given_back_is_told_that_it_is_lost()
    {
        var lease = app.Claimed("key");
        lease.Run(["late", "later"]);
        app.Run(lease.ReleaseAsync);
        var given = app.Find("key")!;

        Assert.That(() => app.Run(() => lease.RecordDoneAsync("late")), Throws.TypeOf<LeaseLostException>());
        Assert.That(() => app.Run(lease.CompleteAsync), Throws.TypeOf<LeaseLostException>());
        Assert.That(app.Find("key")!.ETag, Is.EqualTo(given.ETag));
    }

    [Test]
    public void A_renewal_under_way_does_not_overtake_what_gives_the_lease_back()
    {
        var lease = app.Claimed("key");
        var slow = Fault.None with { Delay = TimeSpan.FromSeconds(2) };
        app.Faults = call => call.Operation == StorageOperation.MergeEntity ? slow : Fault.None;
        account.Advance((EventLedger.LeaseTime / 3) + Instant);

        app.Run(() => lease.RetryAsync("error", TimeSpan.FromMinutes(5)));
        account.Advance(EventLedger.LeaseTime);

        var found = app.Find("key")!;
        Assert.That((found.State, found.LeaseUntil), Is.EqualTo((EventState.Retrying, default(DateTimeOffset?))));
        Assert.That(found.CheckAt - found.NotBefore, Is.EqualTo(EventLedger.PickUpTime), "the relay looks when the attempt is due, and not before");
    }

    [TestCase(30)]
    [TestCase(-30)]
    public void Clocks_that_differ_by_half_a_minute_leave_a_renewed_lease_with_its_holder(int seconds)
    {
        using var skewed = new SimulatedApp(account, skew: TimeSpan.FromSeconds(seconds));
        var lease = app.Claimed("key");

        for (var step = 0; step < 60; step++)
        {
            account.Advance(TimeSpan.FromSeconds(5));
            Assert.That(skewed.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Leased), $"after {5 * (step + 1)} s");
        }

        Assert.That(lease.Held.IsCancellationRequested, Is.False);
    }

    [TestCase(-5001, ClaimOutcome.TooEarly)]
    [TestCase(-5000, ClaimOutcome.Claimed)]
    [TestCase(0, ClaimOutcome.Claimed)]
    public void A_retry_is_claimed_at_its_time_and_up_to_five_seconds_before(int milliseconds, ClaimOutcome expected)
    {
        app.Run(() => app.Claimed("key").RetryAsync("error", TimeSpan.FromMinutes(5)));
        account.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromMilliseconds(milliseconds));

        Assert.That(app.Claim("key").Outcome, Is.EqualTo(expected));
    }
}
