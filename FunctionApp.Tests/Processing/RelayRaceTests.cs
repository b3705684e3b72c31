using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What the relay does with an event that is none of the simple ones: unreadable, abandoned, or moving while it looks.</summary>
internal sealed class RelayRaceTests : SimulatedAppTests
{
    private static EventId Id => EventId.Of(SimulatedApp.Type, "key");

    private int Sent => Account.Storage.Calls.Of(StorageOperation.SendMessage);

    [Test]
    public void A_row_that_cannot_be_read_is_passed_over_and_keeps_its_index()
    {
        App.Insert("key");
        Account.Edit(Id.Row, row => row["State"] = "Zombie");
        Account.Advance(EventLedger.PickUpTime);

        Sweep();

        Assert.That((Sent, Account.Index.Count, App.Logged(61)), Is.EqualTo((0, 1, 0)));
    }

    [Test]
    public void An_event_whose_processor_is_gone_gets_the_message_of_its_next_attempt_and_no_other()
    {
        Abandon();

        Sweep();

        Assert.That((App.Find("key")!.Attempts, Sent), Is.EqualTo((1, 1)));
    }

    [Test]
    public void An_event_that_was_given_back_while_the_relay_looked_has_failed_no_attempt()
    {
        Abandon();
        var reads = 0;
        App.Faults = call =>
        {
            if (call.Operation == StorageOperation.GetEntity && ++reads == 2)
                Account.Edit(Id.Row, row => row["State"] = nameof(EventState.Received));
            return Fault.None;
        };

        Sweep();

        App.Faults = _ => Fault.None;
        var found = App.Find("key")!;
        Assert.That((found.State, found.Attempts, found.History[^1].Detail), Is.EqualTo((EventState.Received, 0, "released")));
    }

    [Test]
    public void An_event_that_finished_while_the_relay_looked_is_left_alone()
    {
        Abandon();
        var reads = 0;
        App.Faults = call =>
        {
            if (call.Operation == StorageOperation.GetEntity && ++reads == 2)
                Account.Edit(Id.Row, row => row["State"] = nameof(EventState.Dead));
            return Fault.None;
        };

        Sweep();

        Assert.That((Sent, App.Logged(61)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_retry_whose_message_got_lost_is_overdue_and_says_so()
    {
        App.Run(() => App.Claimed("key").RetryAsync("error", TimeSpan.FromSeconds(10)));
        Account.Advance(TimeSpan.FromSeconds(10) + EventLedger.PickUpTime);

        Sweep();

        Assert.That((Sent, App.Logged(60), App.Logged(68)), Is.EqualTo((1, 1, 0)));
        Assert.That(App.KeysOf(60), Is.EqualTo(new[] { "key" }));
        Assert.That(App.Find("key")!.History[^1].Detail, Is.EqualTo(EventRelay.Overdue));
    }

    [Test]
    public void A_pause_that_the_relay_ends_is_over_and_no_event_overdue()
    {
        App.Run(() => App.Claimed("key").RetryAsync("error", TimeSpan.FromMinutes(30), isRelayed: true));
        Account.Advance(TimeSpan.FromMinutes(31));

        Sweep();

        Assert.That((Sent, App.Logged(60)), Is.EqualTo((1, 0)));
        Assert.That(App.LogOf(68), Is.EqualTo([(LogLevel.Information, $"The pause of event {Id} is over; sent it to its queue.")]));
        Assert.That(App.KeysOf(68), Is.EqualTo(new[] { "key" }));
    }

    [Test]
    public void Events_that_are_claimed_as_soon_as_they_are_sent_are_no_failures_and_all_are_sent()
    {
        var keys = Enumerable.Range(0, 30).Select(i => $"key-{i}").ToList();
        keys.ForEach(key => App.Insert(key));
        Account.Advance(EventLedger.PickUpTime);
        App.Faults = call =>
        {
            if (call.Operation == StorageOperation.SendMessage)
                keys.ForEach(key => Account.Edit(EventId.Of(SimulatedApp.Type, key).Row, _ => { }));
            return Fault.None;
        };

        Sweep();

        Assert.That((Sent, App.Logged(61)), Is.EqualTo((30, 0)));
    }

    private void Abandon()
    {
        using var gone = new SimulatedApp(Account);
        gone.Claimed("key");
        gone.Process.Kill();
        Account.Advance(EventLedger.PickUpTime);
        Account.Storage.Calls.Clear();
    }

    private void Sweep() => App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));
}
