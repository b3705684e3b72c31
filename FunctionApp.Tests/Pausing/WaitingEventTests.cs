using Microsoft.Extensions.Logging;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Pausing;

/// <summary>What becomes of an event whose handler is paused, with the default settings.</summary>
internal sealed class WaitingEventTests : PausingTests
{
    private static readonly TimeSpan Sweeping = TimeSpan.FromHours(1);

    [Test]
    public void The_other_handlers_run_and_then_it_waits_without_an_attempt_or_a_message()
    {
        Pause(First);

        var waiting = Process("key");

        Assert.That((waiting.State, waiting.Attempts, waiting.LastError), Is.EqualTo((EventState.Received, 0, (string?)null)));
        Assert.That(waiting.WaitsFor, Is.EqualTo([First]));
        Assert.That(waiting.Done, Is.EquivalentTo([Log, Second]));
        Assert.That((App.Records.Of("key"), App.Deliver()), Is.EqualTo((1, false)));
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void It_waits_for_weeks_with_no_message_and_no_attempt_and_is_not_late()
    {
        Pause(First);
        Process("key");

        Pass(TimeSpan.FromDays(14), Sweeping);

        var waiting = App.Find("key")!;
        Assert.That((waiting.State, waiting.Attempts, waiting.History.Length), Is.EqualTo((EventState.Received, 0, 5)));
        Assert.That(Sent, Is.EqualTo(1), "that of its receipt");
        Assert.That(App.Measured.Of("point.events.oldest_open_age")[^1].Value, Is.Zero);
        Assert.That(App.Measured.Of("point.events.waiting")[^1].Value, Is.EqualTo(1));
        Resume(First);
        Assert.That(SweepAndProcess("key").State, Is.EqualTo(EventState.Completed));
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void Resumed_it_runs_after_the_next_sweep_as_its_first_attempt_and_tells_that_it_waited()
    {
        Pause(First);
        Process("key");
        Pass(TimeSpan.FromMinutes(30));
        Resume(First);

        var completed = SweepAndProcess("key");

        Assert.That((completed.State, completed.Attempts, completed.WaitsFor), Is.EqualTo((EventState.Completed, 0, Array.Empty<string>())));
        Assert.That(App.Records.Of("key"), Is.EqualTo(2));
        Assert.That(Titles("key"), Is.EqualTo(new[]
        {
            "Received, kept and queued", "Attempt 1 began", $"{Log} finished", $"{Second} finished", $"Waits for {First}, which is paused",
            "Attempt 1 began", $"{First} finished", "Completed",
        }));
        Assert.That(App.Records.Handled.Select(one => (one.Context.Attempt, one.Context.LastRunAt)), Is.All.EqualTo((1, (DateTimeOffset?)null)));
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void A_pause_uses_nothing_of_the_schedule_of_an_event_that_has_failed_before()
    {
        App.Records.Failing["key"] = () => new HttpRequestException("away");
        Pause(Second);
        Process("key");
        var failedAt = Account.Now;
        Pause(First);
        Account.Advance(TimeSpan.FromSeconds(20));
        Deliver();

        var waiting = App.Find("key")!;
        Assert.That((waiting.State, waiting.Attempts, waiting.NotBefore), Is.EqualTo((EventState.Retrying, 1, (DateTimeOffset?)null)));
        Assert.That((waiting.LastError, waiting.WaitsFor), Is.EqualTo(($"{First}: away", new[] { First, Second })));
        Pass(TimeSpan.FromDays(7), Sweeping);
        DateTimeOffset? lastRunAt = null;
        App.Records.BeforeEach = (context, _) => Task.FromResult(lastRunAt = context.LastRunAt);
        Resume(First);
        var second = SweepAndProcess("key");

        Assert.That((second.State, second.Attempts), Is.EqualTo((EventState.Retrying, 2)));
        Assert.That(second.NotBefore - Account.Now, Is.EqualTo(TimeSpan.FromMinutes(1)).Within(TimeSpan.FromSeconds(7)), "the second pause of the schedule");
        Assert.That(lastRunAt, Is.EqualTo(failedAt).Within(TimeSpan.FromSeconds(1)), "what it did then, and not when it waited");
    }

    [Test]
    public void It_waits_although_another_handler_has_given_up_and_dies_of_that_when_the_paused_one_has_run()
    {
        App.Records.Failing["key"] = () => new PermanentFailureException("no such project");
        Pause(Second);
        var waiting = Process("key");
        Assert.That((waiting.State, waiting.WaitsFor, waiting.GivenUp), Is.EqualTo((EventState.Received, new[] { Second }, new[] { First })));
        Pass(TimeSpan.FromDays(3), Sweeping);
        App.Records.Failing.Clear();
        Resume(Second);

        var dead = SweepAndProcess("key");

        Assert.That((dead.State, dead.LastError), Is.EqualTo((EventState.Dead, $"{First}: no such project")));
        Assert.That((App.Records.Of("key"), dead.Done.Contains(Second)), Is.EqualTo((1, true)));
    }

    [Test]
    public void A_handler_that_fails_beside_it_uses_up_its_attempts_and_a_replay_runs_both()
    {
        App.Records.Failing["key"] = () => new HttpRequestException("away");
        Pause(Second);
        Process("key");
        while (App.Find("key") is { State: EventState.Retrying } failed)
        {
            Account.Advance(failed.NotBefore!.Value - Account.Now);
            SweepAndProcess("key");
        }

        Assert.That((App.Find("key")!.State, App.Find("key")!.Attempts, App.Find("key")!.LastError), Is.EqualTo((EventState.Dead, 9, $"{First}: away")));
        App.Records.Failing.Clear();

        Change("key", found => App.Get<EventOperations>().ReplayAsync(found, new Replay()));
        Deliver();
        Assert.That((App.Find("key")!.WaitsFor, App.Records.Of("key")), Is.EqualTo((new[] { Second }, 1)), "it is paused still");
        Resume(Second);
        Assert.That((SweepAndProcess("key").State, App.Records.Of("key")), Is.EqualTo((EventState.Completed, 2)));
    }

    [Test]
    public void Of_two_that_are_paused_each_runs_when_it_is_resumed()
    {
        Pause(First);
        Pause(Second);
        Assert.That(Process("key").WaitsFor, Is.EqualTo([First, Second]));
        Resume(Second);
        Assert.That((SweepAndProcess("key").WaitsFor, App.Records.Of("key")), Is.EqualTo((new[] { First }, 1)));
        Resume(First);
        Assert.That((SweepAndProcess("key").State, App.Records.Of("key")), Is.EqualTo((EventState.Completed, 2)));
    }

    [Test]
    public void A_message_too_many_changes_nothing()
    {
        Pause(First);
        Process("key");
        ProcessAgain("key");
        var waiting = App.Find("key")!;
        Assert.That((waiting.State, waiting.Attempts, waiting.WaitsFor), Is.EqualTo((EventState.Received, 0, new[] { First })));
        Assert.That(App.Records.Of("key"), Is.EqualTo(1));
    }

    [Test]
    public void It_is_said_for_which_handlers_it_waits()
    {
        Pause(First);
        Pause(Second);
        Process("key");

        Assert.That(App.LogOf(15), Is.EqualTo([(
            LogLevel.Information,
            $"Event {EventId.Of(SimulatedApp.Type, "key")} waits for {First}, {Second}, which operators have paused.")]));
    }

    [TestCase(EventState.Completed)]
    [TestCase(EventState.Retrying)]
    [TestCase(EventState.Dead)]
    public void Taken_up_before_a_sweep_has_seen_that_it_is_resumed_it_waits_for_nothing_when_the_attempt_ends(EventState state)
    {
        Pause(First);
        Process("key");
        Resume(First);
        var lease = App.Claim("key").Lease!;
        Assert.That(lease.Event.WaitsFor, Is.EqualTo([First]));

        App.Run(() => state switch
        {
            EventState.Completed => lease.CompleteAsync(),
            EventState.Retrying => lease.RetryAsync("error", TimeSpan.FromMinutes(5)),
            _ => lease.DieAsync("error"),
        });

        var ended = App.Find("key")!;
        Assert.That((ended.State, ended.WaitsFor), Is.EqualTo((state, Array.Empty<string>())));
        Assert.That(ended.NotBefore, Is.EqualTo(state == EventState.Retrying ? Account.Now.AddMinutes(5) : default(DateTimeOffset?)));
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void It_can_be_given_up_and_replayed()
    {
        Pause(First);
        Process("key");
        var given = Change("key", found => App.Get<EventOperations>().GiveUpAsync(found, "ada"));
        Assert.That((given.Outcome, App.Find("key")!.WaitsFor), Is.EqualTo((ChangeOutcome.GivenUp, Array.Empty<string>())));
        Resume(First);
        Change("key", found => App.Get<EventOperations>().ReplayAsync(found, new Replay()));
        Deliver();
        Assert.That((App.Find("key")!.State, App.Records.Of("key")), Is.EqualTo((EventState.Completed, 2)));
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void A_list_and_the_event_say_for_what_it_waits()
    {
        Pause(First);
        Process("key");
        var listed = App.Run(() => App.Get<LedgerListing>().ListAsync(new EventFilter(), 50, null, CancellationToken.None)).Events.Single();
        Assert.That((listed.WaitsFor, listed.NextAttemptAt), Is.EqualTo((new[] { First }, (DateTimeOffset?)null)));
        Assert.That(EventTimeline.Standings(App.Find("key")!, [First, Second]).Select(one => one.State), Is.EqualTo(["paused", "finished", "finished"]));
        Assert.That(EventCsv.Of([listed]), Does.EndWith(",\"first\"\r\n"));
    }
}
