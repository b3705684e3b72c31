using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>What happened in the last day, as the status tells it.</summary>
internal sealed class LastDayTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    [Test]
    public void Every_event_counts_in_the_hours_in_which_it_was_received_and_finished()
    {
        Receive("long-ago");
        Account.Advance(TimeSpan.FromHours(26));
        Receive("completed");
        App.Records.Failing["dead"] = () => new PermanentFailureException("no such project");
        Receive("dead");
        Account.Advance(TimeSpan.FromHours(1));
        App.Insert("open");

        var day = Read().Events!.LastDay;

        Assert.That(day.Hours, Has.Count.EqualTo(24));
        Assert.That(Counts(day.Hours[^2]), Is.EqualTo((2, 1, 1)));
        Assert.That(Counts(day.Hours[^1]), Is.EqualTo((1, 0, 0)));
        Assert.That(day.Hours.SkipLast(2).Select(Counts), Is.All.EqualTo((0, 0, 0)));
        Assert.That(day.ExactSince, Is.Null);
        Assert.That(DayChart.Of(day).Text, Is.EqualTo("The last 24 hours: 3 received, 1 completed, 1 dead; at most 2 in an hour."));
    }

    [Test]
    public void It_costs_two_ranges_of_each_partition_and_says_from_when_it_is_exact()
    {
        var hourAgo = Account.Now - TimeSpan.FromMinutes(10);
        Account.Put(Enumerable.Range(0, 20_000).SelectMany(i =>
        {
            var at = hourAgo - TimeSpan.FromSeconds(i);
            return EventIndex.RowsOf(
                EventLedger.New(SimulatedApp.Type, $"key-{i}", at, at) with { State = EventState.Completed, FinishedAt = at }).Take(1);
        }));
        Account.Storage.Calls.Clear();

        var day = App.Run(() => App.Get<LedgerDay>().ReadAsync([], CancellationToken.None));

        Assert.That(Account.Storage.Calls.Total, Is.EqualTo(2 * 16));
        Assert.That(day.Hours.Sum(hour => hour.Completed), Is.InRange(15_000, 16_000));
        Assert.That(day.ExactSince, Is.InRange(hourAgo.AddSeconds(-20_000), hourAgo.AddSeconds(-10_000)));
        Assert.That(Account.Storage.Calls.Of(StorageOperation.Transaction), Is.Zero);
    }

    [TestCase(999, true)]
    [TestCase(1_000, false)]
    public void Where_more_are_open_than_one_call_brings_no_hour_is_exact(int open, bool isExact)
    {
        var rows = Enumerable.Range(0, open).Select(i => new Azure.Data.Tables.TableEntity("0", $"{i}") { ["ReceivedAt"] = Account.Now }).ToList();

        var day = App.Run(() => App.Get<LedgerDay>().ReadAsync(rows, CancellationToken.None));

        Assert.That((day.ExactSince, day.Hours[^1].Received), Is.EqualTo((isExact ? null : (DateTimeOffset?)Account.Now, open)));
    }

    [Test]
    public void It_begins_with_its_first_hour_and_counts_nothing_of_a_clock_that_is_ahead()
    {
        var first = new DateTimeOffset(Account.Now.UtcDateTime.Date.AddHours(Account.Now.Hour), TimeSpan.Zero).AddHours(-23);
        var times = new[] { first, first.AddTicks(-1), first.AddHours(1).AddTicks(-1), first.AddHours(1), Account.Now, first.AddHours(24), first.AddHours(25) };

        var day = App.Run(() => App.Get<LedgerDay>().ReadAsync(
            [.. times.Select(at => EventIndex.RowsOf(EventLedger.New(SimulatedApp.Type, "key", at, at)).First())], CancellationToken.None));

        Assert.That(day.Hours.Select(hour => hour.From), Is.EqualTo(Enumerable.Range(0, 24).Select(i => first.AddHours(i))));
        Assert.That((day.Hours[0].Received, day.Hours[1].Received, day.Hours[^1].Received), Is.EqualTo((2, 1, 1)));
        Assert.That(day.Hours.Sum(hour => hour.Received), Is.EqualTo(4));
    }

    [Test]
    public void Of_partitions_with_more_than_one_call_brings_the_last_to_begin_says_from_when_it_is_exact()
    {
        var latest = Account.Now - TimeSpan.FromMinutes(10);
        var keys = Enumerable.Range(0, 40_000).Select(i => $"key-{i}").GroupBy(key => EventId.Of(SimulatedApp.Type, key).Partition).Take(2);
        Account.Put(keys.SelectMany((ofPartition, i) => ofPartition.Take(1000).Select((key, second) =>
        {
            var at = latest.AddSeconds(-second * (i + 1));
            return EventIndex.RowsOf(
                EventLedger.New(SimulatedApp.Type, key, at, at) with { State = EventState.Completed, FinishedAt = at }).First();
        })));

        var day = App.Run(() => App.Get<LedgerDay>().ReadAsync([], CancellationToken.None));

        Assert.That(day.ExactSince, Is.EqualTo(latest.AddSeconds(-999)));
    }

    [Test]
    public void The_instance_says_how_its_handlers_did_and_what_it_refused()
    {
        Receive("completed");
        App.Records.Failing["failing"] = () => new HttpRequestException("503");
        Receive("failing");
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"), key: "another key"));
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"), key: "another key"));

        var instance = Read().Instance;

        Assert.That(instance.Handlers, Is.EqualTo(new[]
        {
            new HandlerHealth(nameof(LogEventHandler), 2, 0, null), new HandlerHealth(nameof(RecordingHandler), 1, 1, null),
        }));
        Assert.That(instance.Refused.Select(one => (one.Reason, one.Count)), Is.EqualTo(new[] { ("signature-mismatch", 2L) }));
        Assert.That(instance.Refused[0].Advice, Does.Contain("Point:SignatureKey"));
    }

    private StatusReport Read() => App.Run(() => App.Get<StatusReader>().ReadAsync(CancellationToken.None));

    private void Receive(string key)
    {
        App.Insert(key);
        App.Run(() => App.ProcessAsync(new EventMessage(SimulatedApp.Type, key, null)));
    }

    private static (int Received, int Completed, int Dead) Counts(HourCounts hour) => (hour.Received, hour.Completed, hour.Dead);
}
