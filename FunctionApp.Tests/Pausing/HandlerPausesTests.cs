using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using PointWebhooks.Pausing;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Pausing;

/// <summary>When an instance learns of a pause that another one was told of, and what it does while storage does not tell.</summary>
internal sealed class HandlerPausesTests : PausingTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LifetimeAfterFailure = TimeSpan.FromSeconds(5);

    private SimulatedApp other = null!;

    [SetUp]
    public void StartOther() => other = new SimulatedApp(Account, configure: With);

    [TearDown]
    public void StopOther() => other.Dispose();

    [TestCase(-1, 2)]
    [TestCase(0, 1)]
    public void Another_instance_obeys_after_twenty_seconds(int secondsLate, int ran)
    {
        ProcessOnOther("before");
        Pause(First);
        Account.Advance(Lifetime + TimeSpan.FromSeconds(secondsLate));
        ProcessOnOther("after");
        Assert.That(other.Records.Of("after"), Is.EqualTo(ran));
    }

    [Test]
    public void A_pause_is_there_after_a_restart_and_on_an_instance_that_starts_later()
    {
        Pause(First);
        using var later = new SimulatedApp(Account, configure: With);
        Assert.That(later.Run(() => later.Get<HandlerPauses>().IsPausedAsync(First)), Is.True);
    }

    [Test]
    public void It_reads_once_in_twenty_seconds_however_many_events_come()
    {
        Account.Storage.Calls.Clear();
        for (var i = 0; i < 40; i++)
        {
            ProcessOnOther($"key-{i}");
            Account.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(Account.Storage.Calls.Of(StorageOperation.QueryEntities), Is.EqualTo(2));
    }

    [Test]
    public void Of_events_that_come_together_one_reads_for_all()
    {
        Account.Storage.Calls.Clear();
        other.OnTheWay = TimeSpan.FromSeconds(1);

        var known = Enumerable.Range(0, 10).Select(_ => other.Begin(async () =>
        {
            await other.Get<HandlerPauses>().KnownAsync();
            return true;
        })).ToList();

        Assert.That(known.ConvertAll(other.End), Is.All.True);
        Assert.That(Account.Storage.Calls.Of(StorageOperation.QueryEntities), Is.EqualTo(1));
    }

    [Test]
    public void The_record_of_a_pause_stands_where_another_version_finds_it()
    {
        // The SHA-256 hash of "first".
        var row = new RowAddress("pauses", "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e");
        var since = Account.Now;
        Pause(First, by: "Ada");

        var found = App.Run(() => App.Get<PointTable>().FindAsync(row, null, TimeSpan.FromSeconds(10)))!;

        Assert.That((found["Handler"], found["Since"], found["By"]), Is.EqualTo(((object)First, (object)since, (object)"Ada")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void While_storage_does_not_tell_what_was_known_last_holds(bool isPaused)
    {
        if (isPaused)
            Pause(First);
        ProcessOnOther("before");
        other.Faults = call => call.Operation == StorageOperation.QueryEntities ? Fault.Hangs : Fault.None;
        Account.Advance(TimeSpan.FromMinutes(30));
        other.Insert("key");
        other.Insert("next");

        var taken = other.Timed(async () =>
        {
            await other.ProcessAsync(Message("key"));
            await other.ProcessAsync(Message("next"));
            return true;
        }).Taken;

        Assert.That((other.Records.Of("key"), other.Records.Of("next")), Is.EqualTo(isPaused ? (1, 1) : (2, 2)));
        Assert.That(taken, Is.LessThan(TimeSpan.FromSeconds(5)), "one patience for both");
        Assert.That(other.LogOf(72), Is.EqualTo(
            [(LogLevel.Warning, "Which handlers are paused could not be read; what was known last holds.")]));
    }

    [TestCase(-1, false)]
    [TestCase(0, true)]
    public void After_a_reading_that_failed_it_asks_again_in_five_seconds(int millisecondsLate, bool isKnown)
    {
        IsPausedOn(other);
        Account.Advance(Lifetime);
        other.Faults = _ => Fault.Hangs;
        IsPausedOn(other);
        other.Faults = _ => Fault.None;
        Pause(First);

        Account.Advance(LifetimeAfterFailure + TimeSpan.FromMilliseconds(millisecondsLate));

        Assert.That((IsPausedOn(other), other.Logged(72)), Is.EqualTo((isKnown, 1)));
    }

    [Test]
    public void A_pause_is_known_at_once_also_while_an_older_reading_is_on_its_way()
    {
        App.OnTheWay = TimeSpan.FromSeconds(1);
        var older = App.Begin(() => App.Get<HandlerPauses>().KnownAsync());
        // Storage has answered it, and the answer has not arrived.
        Account.Advance(TimeSpan.FromSeconds(1.5));
        App.OnTheWay = TimeSpan.Zero;

        Pause(First);

        Assert.That((IsPausedOn(App), older.IsCompleted), Is.EqualTo((true, false)));
        App.End(older);
        Assert.That(IsPausedOn(App), Is.True, "what is older undoes nothing");
    }

    [Test]
    public void Rows_that_this_app_did_not_write_pause_nothing_and_stop_nothing()
    {
        Account.Put(new TableEntity("pauses", "0") { ["Handler"] = First });
        Account.Put(new TableEntity("pauses", "1") { ["Handler"] = Second });
        Account.Put(new TableEntity("pauses", "2") { ["Handler"] = 7 });
        Pause(First);

        ProcessOnOther("key");

        Assert.That((other.Find("key")!.WaitsFor, other.Records.Of("key")), Is.EqualTo((new[] { First }, 1)));
    }

    [Test]
    public void An_instance_that_knows_nothing_yet_runs_nothing_until_it_does_and_costs_no_attempt()
    {
        Pause(First);
        other.Faults = call => call.Operation == StorageOperation.QueryEntities ? Fault.Unavailable : Fault.None;
        other.Insert("key");
        var inserted = other.Find("key")!.ETag;

        Assert.That(() => other.Run(() => other.ProcessAsync(Message("key"))), Throws.InstanceOf<Azure.RequestFailedException>());
        Assert.That((other.Find("key")!.ETag, other.Records.Of("key")), Is.EqualTo((inserted, 0)), "it is not even claimed");

        other.Faults = _ => Fault.None;
        other.Run(() => other.ProcessAsync(Message("key")));
        Assert.That((other.Find("key")!.WaitsFor, other.Find("key")!.Attempts), Is.EqualTo((new[] { First }, 0)));
    }

    private static EventMessage Message(string key) => new(SimulatedApp.Type, key, null);

    private static bool IsPausedOn(SimulatedApp app) => app.Run(() => app.Get<HandlerPauses>().IsPausedAsync(First));

    private void ProcessOnOther(string key)
    {
        other.Insert(key);
        other.Run(() => other.ProcessAsync(Message(key)));
    }
}
