using PointWebhooks.Ledger;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>What is written when handlers end and when a lease does, and what a write under way has to do with it.</summary>
internal sealed class LeaseEndTests : SimulatedAppTests
{
    [Test]
    public void A_handler_that_gave_up_is_named_with_its_error()
    {
        var lease = App.Claimed("key");
        lease.Run(["Jira", "Teams"]);

        App.Run(() => lease.RecordGivenUpAsync("Jira", "no such project"));

        var found = App.Find("key")!;
        Assert.That((found.LastError, found.History[^1].Detail), Is.EqualTo(("Jira: no such project", "Jira gave up: no such project")));
        Assert.That(found.LeaseOwner, Is.EqualTo(lease.Event.LeaseOwner).And.Not.Null);
    }

    [Test]
    public void The_last_of_the_handlers_is_written_with_what_follows_it()
    {
        var lease = App.Claimed("key");
        lease.Run(["Jira", "Teams"]);
        Account.Storage.Calls.Clear();

        App.Run(() => lease.RecordDoneAsync("Jira"));
        App.Run(() => lease.RecordDoneAsync("Teams"));
        Assert.That(Account.Storage.Calls.Total, Is.EqualTo(1));
        App.Run(lease.CompleteAsync);

        Assert.That(Account.Storage.Calls.Total, Is.EqualTo(2));
        Assert.That(App.Find("key")!.Done, Is.EqualTo(["Jira", "Teams"]));
    }

    [TestCase(null, "Jira")]
    [TestCase("Created A-1", "Jira: Created A-1")]
    public void What_a_handler_has_done_stands_behind_its_name(string? effect, string expected)
    {
        var lease = App.Claimed("key");
        lease.Run(["Jira", "Teams"]);

        App.Run(() => lease.RecordDoneAsync("Jira", effect));

        Assert.That(App.Find("key")!.History[^1].Detail, Is.EqualTo(expected));
    }

    [Test]
    public void A_paused_handler_does_not_run_so_that_the_record_of_the_last_one_that_does_waits_for_what_follows()
    {
        var lease = App.Claimed("key");
        lease.Run(["Jira", "Teams"]);
        lease.RecordPaused("Jira");
        Account.Storage.Calls.Clear();

        App.Run(() => lease.RecordDoneAsync("Teams"));
        Assert.That((Account.Storage.Calls.Total, lease.Paused), Is.EqualTo((0, new[] { "Jira" })));
        App.Run(() => lease.WaitAsync(TimeSpan.FromHours(1)));

        var waiting = App.Find("key")!;
        Assert.That((waiting.WaitsFor, waiting.Done), Is.EqualTo((new[] { "Jira" }, new[] { "Teams" })));
        Assert.That(waiting.CheckAt - Account.Now, Is.EqualTo(TimeSpan.FromHours(1)).Within(TimeSpan.FromSeconds(5)), "when the relay looks");
    }

    [TestCase(false, 120)]
    [TestCase(true, 10)]
    public void The_relay_looks_after_an_attempt_when_its_message_should_be_there_or_has_to_be_sent(bool isRelayed, int seconds)
    {
        App.Run(() => App.Claimed("key").RetryAsync("error", TimeSpan.FromMinutes(5), isRelayed));

        var failed = App.Find("key")!;
        Assert.That(failed.CheckAt - failed.NotBefore, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        Assert.That((failed.State, failed.Attempts, failed.LastError), Is.EqualTo((EventState.Retrying, 1, "error")));
    }

    [Test]
    public void What_is_given_back_untried_says_so()
    {
        App.Run(App.Claimed("key").ReleaseAsync);

        Assert.That(App.Find("key")!.History[^1].Detail, Is.EqualTo("released"));
    }

    [Test]
    public void A_lease_whose_holder_has_failed_is_not_renewed_any_more()
    {
        var lease = App.Claimed("key");
        App.Run(() => lease.DisposeAsync().AsTask());
        Account.Storage.Calls.Clear();

        Account.Advance(5 * EventLedger.LeaseTime);

        Assert.That(Account.Storage.Calls.Total, Is.Zero);
        Assert.That(App.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.TakenOver));
    }

    [Test]
    public void A_process_that_stood_still_after_its_claim_is_told_at_once()
    {
        var claimed = App.Claimed("key").Event;
        Account.Advance(TimeSpan.FromMilliseconds(1));

        var late = new EventLease(App.Get<LedgerWriter>(), claimed with { LeaseUntil = Account.Now }, App.Time, CancellationToken.None);
        Account.Advance(TimeSpan.Zero);

        Assert.That(late.Held.IsCancellationRequested, Is.True);
    }

    [Test]
    public void A_handler_that_ends_when_another_has_claimed_the_event_learns_it_and_so_do_those_beside_it()
    {
        var lease = App.Claimed("key");
        lease.Run(["Jira", "Teams"]);
        Account.Edit(lease.Event.Id.Row, row => row["LeaseUntil"] = Account.Now);
        Assert.That(App.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.TakenOver));

        Assert.That(
            () => App.Run(() => lease.RecordDoneAsync("Jira")),
            Throws.TypeOf<LeaseLostException>().With.Message.Contains(lease.Event.Id.Value));
        Assert.That(lease.Held.IsCancellationRequested, Is.True);
    }

    [Test]
    public void A_renewal_whose_answer_is_lost_does_not_cost_what_was_done_meanwhile()
    {
        var lease = App.Claimed("key");
        var isLost = false;
        App.Faults = call =>
        {
            if (isLost || call.Operation != StorageOperation.MergeEntity)
                return Fault.None;
            isLost = true;
            return Fault.HangsAfterEffect;
        };
        Account.Advance((EventLedger.LeaseTime / 3) + TimeSpan.FromMilliseconds(1));

        App.Run(lease.CompleteAsync);

        Assert.That(isLost, Is.True);
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Completed));
    }

    [TestCase(0)]
    [TestCase(30)]
    public void A_renewal_of_which_nothing_was_ever_heard_does_not_cost_what_was_done_meanwhile(int secondsLater)
    {
        var lease = App.Claimed("key");
        lease.Run(["Jira", "Teams"]);
        App.Faults = call => call.Operation == StorageOperation.MergeEntity ? Fault.HangsAfterEffect : Fault.None;
        Account.Advance((EventLedger.LeaseTime / 3) + TimeSpan.FromMilliseconds(1));
        App.Faults = call => call.Operation == StorageOperation.MergeEntity ? Fault.Hangs : Fault.None;
        Account.Advance(EventLedger.LeaseTime * 2 / 3);
        App.Faults = _ => Fault.None;
        Account.Advance(TimeSpan.FromSeconds(secondsLater));

        App.Run(() => lease.RecordDoneAsync("Jira"));
        App.Run(lease.CompleteAsync);

        var found = App.Find("key")!;
        Assert.That((found.State, found.Done), Is.EqualTo((EventState.Completed, new[] { "Jira" })));
    }

    [Test]
    public void What_another_write_of_the_same_lease_has_changed_is_no_loss()
    {
        var lease = App.Claimed("key");
        Account.Edit(lease.Event.Id.Row, row => row["LeaseUntil"] = Account.Now + TimeSpan.FromMinutes(5));

        App.Run(lease.CompleteAsync);

        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Completed));
    }

    [Test]
    public void A_lease_is_renewed_again_after_a_renewal_was_refused()
    {
        var lease = App.Claimed("key");
        App.Faults = call => call.Operation == StorageOperation.MergeEntity ? Fault.Forbidden : Fault.None;
        Account.Advance((EventLedger.LeaseTime / 3) + TimeSpan.FromMilliseconds(1));
        App.Faults = _ => Fault.None;

        Account.Advance(3 * EventLedger.LeaseTime);

        Assert.That(lease.Held.IsCancellationRequested, Is.False);
        Assert.That(App.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Leased));
    }

    [Test]
    public void A_renewal_that_waits_its_turn_when_the_lease_is_given_back_is_not_made()
    {
        var lease = App.Claimed("key");
        lease.Run(["Jira", "Teams"]);
        Account.Advance((EventLedger.LeaseTime / 3) - TimeSpan.FromSeconds(1));
        Account.Storage.Calls.Clear();
        App.Faults = call => call.Operation == StorageOperation.MergeEntity ? Fault.None with { Delay = TimeSpan.FromSeconds(3) } : Fault.None;
        var recording = Begin(() => lease.RecordDoneAsync("Jira"));
        Account.Advance(TimeSpan.FromSeconds(2));

        App.Run(lease.CompleteAsync);

        App.End(recording);
        Assert.That(Account.Storage.Calls.Of(StorageOperation.MergeEntity), Is.EqualTo(1), "that of the handler");
    }

    [Test]
    public void What_was_done_is_written_for_ten_seconds_also_after_the_lease_has_ended()
    {
        var lease = App.Claimed("key");
        App.Faults = _ => Fault.Unavailable;
        Account.Advance(EventLedger.LeaseTime + TimeSpan.FromSeconds(5));
        var completing = Begin(lease.CompleteAsync);
        Account.Advance(TimeSpan.FromSeconds(8));
        App.Faults = _ => Fault.None;

        App.End(completing);

        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Completed));
    }

    private Task<bool> Begin(Func<Task> body) => App.Begin(async () =>
    {
        await body();
        return true;
    });
}
