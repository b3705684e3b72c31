using Microsoft.Extensions.Logging;
using PointWebhooks.Operations;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Telemetry;
using PointWebhooks.Tests.Receiving;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>The status: what it counts, and that a part that does not answer hides no other and keeps nobody longer than its limit.</summary>
internal sealed class StatusReaderTests : SimulatedAppTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    [Test]
    public void It_shows_what_is_open_dead_and_latest()
    {
        var oldest = Account.Now;
        App.Insert("open-old");
        Account.Advance(TimeSpan.FromHours(1));
        App.Run(() => App.Claimed("completed").CompleteAsync());
        App.Run(() => App.Claimed("dead").DieAsync("error"));
        Account.Advance(TimeSpan.FromHours(1));
        App.Insert("open-new");
        var latest = Account.Now;

        var events = Read().Report.Events!;

        Assert.That((events.Open, events.Dead, events.OldestOpenReceivedAt, events.LastReceivedAt), Is.EqualTo((2L, 1L, (DateTimeOffset?)oldest, (DateTimeOffset?)latest)));
        Assert.That(events.Latest.Select(one => one.IdempotencyKey), Is.EqualTo(["open-new", "completed", "open-old"]));
        Assert.That(events.LatestDead.Select(one => one.IdempotencyKey), Is.EqualTo(["dead"]));
    }

    [Test]
    public void Who_died_last_was_received_last_and_was_claimed()
    {
        App.Insert("open");
        Account.Advance(TimeSpan.FromHours(1));
        App.Run(() => App.Claimed("dead").DieAsync("error"));
        var dead = App.Find("dead")!;

        var events = Read().Report.Events!;

        Assert.That(events.LastReceivedAt, Is.EqualTo(dead.ReceivedAt));
        Assert.That(events.Instances, Is.EqualTo(new[] { new SeenInstance(AppInstance.NameAndVersion, dead.History[1].At) }));
    }

    [Test]
    public void It_shows_the_latest_twenty_of_each()
    {
        for (var i = 0; i < 25; i++)
        {
            App.Insert($"open-{i}");
            App.Run(() => App.Claimed($"dead-{i}").DieAsync("error"));
            Account.Advance(TimeSpan.FromMinutes(1));
        }

        var events = Read().Report.Events!;

        Assert.That((events.Open, events.Dead), Is.EqualTo((25L, 25L)));
        Assert.That(events.Latest.Select(one => one.IdempotencyKey), Is.EqualTo(Enumerable.Range(5, 20).Reverse().Select(i => $"open-{i}")));
        Assert.That(events.LatestDead.Select(one => one.IdempotencyKey), Is.EqualTo(Enumerable.Range(5, 20).Reverse().Select(i => $"dead-{i}")));
    }

    [TestCase(StorageOperation.QueryEntities, "events, handlers, quarantine")]
    [TestCase(StorageOperation.GetEntity, "registration")]
    [TestCase(StorageOperation.GetQueueProperties, "queues")]
    public void A_part_that_does_not_answer_is_named_after_three_seconds_and_the_others_are_there(StorageOperation hanging, string unknown)
    {
        App.Insert("open");
        App.Faults = call => call.Operation == hanging ? Fault.Hangs : Fault.None;

        var (report, taken) = Read();

        Assert.That(taken, Is.EqualTo(Limit));
        Assert.That(string.Join(", ", report.Unknown.Select(part => part.Part).Except(hanging == StorageOperation.GetEntity ? ["events"] : [])), Is.EqualTo(unknown));
        Assert.That(report.Unknown.Select(part => part.Why), Is.All.EqualTo("The storage account did not answer in time."));
        Assert.That(
            (report.Events is null, report.Quarantine is null, report.Queues is null),
            Is.EqualTo((hanging != StorageOperation.GetQueueProperties, hanging == StorageOperation.QueryEntities, hanging == StorageOperation.GetQueueProperties)));
        Assert.That(App.LogOf(73), Has.Count.EqualTo(report.Unknown.Count));
        Assert.That(App.LogOf(73).Select(line => line), Has.All.Matches<(LogLevel Level, string Text)>(line =>
            line.Level == LogLevel.Warning && line.Text.StartsWith("The status of ", StringComparison.Ordinal)));
    }

    [Test]
    public void An_instance_counts_since_it_started_not_since_it_was_asked_first()
    {
        var started = Account.Now;
        Account.Advance(TimeSpan.FromHours(1));

        Assert.That(Read().Report.Instance.Since, Is.EqualTo(started));
    }

    [Test]
    public void It_tells_the_requests_that_wait_for_a_key_from_those_that_no_key_fits()
    {
        Account.Occupy(QuarantineStore.Waiting, 2, 2);
        Account.Occupy(QuarantineStore.Unverified, 1, 1);

        Assert.That(Read().Report.Quarantine, Is.EqualTo(new QuarantineCounts(Waiting: 2, Unverified: 1)));
    }

    [Test]
    public void It_says_how_fast_storage_answered_and_who_claimed_what_it_shows()
    {
        App.Run(() => App.Claimed("completed").CompleteAsync());
        var claimed = App.Find("completed")!.History[1].At;
        App.Insert("waiting");
        App.Faults = call => Fault.None with { Delay = TimeSpan.FromMilliseconds(call.Operation == StorageOperation.GetQueueProperties ? 70 : 30) };

        var report = Read().Report;

        Assert.That(report.Storage, Is.EqualTo(new StorageLatency(30, 70)));
        Assert.That(report.Events!.Instances, Is.EqualTo(new[] { new SeenInstance(AppInstance.NameAndVersion, claimed) }));
    }

    [Test]
    public void An_operator_who_leaves_ends_it()
    {
        App.Faults = _ => Fault.Hangs;
        using var gone = new CancellationTokenSource();
        var reading = App.Begin(() => App.Get<StatusReader>().ReadAsync(gone.Token));
        Account.Advance(TimeSpan.FromSeconds(1));

        App.Cancel(gone);

        Assert.That(() => App.End(reading), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(App.LogOf(73), Is.Empty, "no part is unavailable for that");
    }

    [Test]
    public void It_counts_the_messages_and_the_poison_of_each_queue()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key", "ProvisioningFailed")));
        App.Send(QueueNames.UnknownEvent + QueueNames.PoisonSuffix, new BinaryData("x"));

        var queues = Read().Report.Queues!;

        Assert.That(queues.Single(queue => queue.Queue == QueueNames.ProvisioningFailed), Is.EqualTo(new QueueLength(QueueNames.ProvisioningFailed, 1, 0)));
        Assert.That(queues.Single(queue => queue.Queue == QueueNames.UnknownEvent), Is.EqualTo(new QueueLength(QueueNames.UnknownEvent, 0, 1)));
    }

    private (StatusReport Report, TimeSpan Taken) Read() => App.Timed(() => App.Get<StatusReader>().ReadAsync(CancellationToken.None));
}
