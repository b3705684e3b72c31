using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>The relay when something fails in the midst of a sweep, and what it says of how things stand.</summary>
internal sealed class RelayFailureTests : SimulatedAppTests
{
    [Test]
    public void An_event_that_cannot_be_sent_does_not_keep_the_others_from_being_sent()
    {
        App.Insert("one", "ProvisioningStarted");
        App.Insert("two", "ProvisioningFailed");
        Account.Advance(EventLedger.PickUpTime);
        App.Faults = call => call.Resource == QueueNames.ProvisioningStarted ? Fault.Unavailable : Fault.None;

        Sweep();

        Assert.That(Sent(QueueNames.ProvisioningFailed), Is.EqualTo(1));
        Assert.That(App.LogOf(61).Single().Level, Is.EqualTo(LogLevel.Warning));
        App.Faults = _ => Fault.None;
        Sweep();
        Assert.That((Sent(QueueNames.ProvisioningStarted), Sent(QueueNames.ProvisioningFailed)), Is.EqualTo((1, 1)));
    }

    [Test]
    public void A_queue_service_that_is_down_ends_the_sweep_after_twenty_failures()
    {
        for (var i = 0; i < 40; i++)
            App.Insert($"key-{i}");
        Account.Advance(EventLedger.PickUpTime);
        App.Faults = call => call.Operation == StorageOperation.SendMessage ? Fault.Unavailable : Fault.None;

        Sweep();
        Assert.That(App.LogOf(61), Has.Count.EqualTo(24), "eight at a time, until there are twenty");
        App.Faults = _ => Fault.None;
        Sweep();

        Assert.That(Sent(QueueNames.ProvisioningStarted), Is.EqualTo(40), "nothing is put off that was not sent");
    }

    [Test]
    public void Dead_events_that_cannot_be_counted_keep_nothing_from_being_sent()
    {
        App.Insert("key");
        Account.Advance(EventLedger.PickUpTime);
        App.Faults = call => call.Request.Query.TryGetValue("$filter", out var filter) && filter.Contains("'dead|", StringComparison.Ordinal)
            ? Fault.Unavailable
            : Fault.None;

        Assert.That(Sweep, Throws.Exception);

        Assert.That(Sent(QueueNames.ProvisioningStarted), Is.EqualTo(1));
    }

    [Test]
    public void Events_of_a_partition_that_fails_do_not_end_the_sweep_before_the_others_have_had_their_turn()
    {
        var ids = Enumerable.Range(0, 2000).Select(i => (Key: $"key-{i}", EventId.Of(SimulatedApp.Type, $"key-{i}").Partition)).ToLookup(one => one.Partition);
        var partitions = ids.Select(one => one.Key).Order(StringComparer.Ordinal).ToList();
        var (failing, other) = (partitions[0], partitions[^1]);
        foreach (var (key, _) in ids[failing].Take(40).Concat(ids[other].Take(10)))
            App.Insert(key);
        Account.Advance(EventLedger.PickUpTime);
        App.Faults = call => call.Operation == StorageOperation.GetEntity
            && call.Request.Path.Contains($"PartitionKey='{failing}'", StringComparison.Ordinal) ? Fault.Unavailable : Fault.None;

        Sweep();

        Assert.That(Sent(QueueNames.ProvisioningStarted), Is.EqualTo(10));
    }

    [Test]
    public void A_message_that_was_sent_and_not_put_off_is_sent_once_more_and_not_lost()
    {
        App.Insert("key");
        Account.Advance(EventLedger.PickUpTime);
        App.Faults = call => call.Operation is StorageOperation.Transaction or StorageOperation.MergeEntity ? Fault.Unavailable : Fault.None;
        Sweep();
        App.Faults = _ => Fault.None;

        Sweep();

        Assert.That(Sent(QueueNames.ProvisioningStarted), Is.EqualTo(2));
        Sweep();
        Assert.That(Sent(QueueNames.ProvisioningStarted), Is.EqualTo(2));
    }

    [Test]
    public void It_measures_what_is_open_how_old_the_oldest_is_and_what_is_dead()
    {
        Sweep();
        Assert.That(Gauges(), Is.EqualTo((0d, 0d, 0d)));
        App.Insert("old");
        Account.Advance(TimeSpan.FromMinutes(90));
        App.Insert("new");
        App.Run(() => App.Claimed("dead").DieAsync("error"));

        Sweep();

        Assert.That(Gauges(), Is.EqualTo((2d, 5400d, 1d)));
        Assert.That(App.Measured.Last("point.messages.poison"), Is.Zero);
    }

    [Test]
    public void An_event_that_brings_its_processor_down_each_time_is_dead_after_nine_attempts()
    {
        App.Insert("key");
        for (var attempt = 1; attempt <= 9; attempt++)
        {
            using var falling = new SimulatedApp(Account);
            Account.Advance((App.Find("key")!.NotBefore ?? Account.Now) - Account.Now);
            Assert.That(falling.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Claimed), $"attempt {attempt}");
            falling.Process.Kill();
            Account.Advance(TimeSpan.FromHours(2));
            Sweep();
            Assert.That(App.Find("key")!.Attempts, Is.EqualTo(attempt));
        }

        Assert.That(App.Find("key"), Has.Property("State").EqualTo(EventState.Dead).And.Property("LastError").EqualTo(FailedAttempts.InstanceGone));
    }

    [Test]
    public void It_stops_between_two_batches_when_the_app_stops()
    {
        for (var i = 0; i < 30; i++)
            App.Insert($"key-{i}");
        Account.Advance(EventLedger.PickUpTime);
        using var stopping = App.StopAt(StorageOperation.SendMessage);

        Assert.That(
            () => App.Run(() => App.Get<EventRelay>().SweepAsync(stopping.Token)), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Sent(QueueNames.ProvisioningStarted), Is.EqualTo(8), "what was begun is finished");
    }

    private (double Open, double Oldest, double Dead) Gauges() => (
        App.Measured.Last("point.events.open"), App.Measured.Last("point.events.oldest_open_age"), App.Measured.Last("point.events.dead"));

    private int Sent(string queue) => Account.Storage.Queues.Messages(queue).Count;

    private void Sweep() => App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));
}
