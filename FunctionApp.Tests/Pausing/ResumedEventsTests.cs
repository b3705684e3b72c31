using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Pausing;

/// <summary>How many events that wait cost the relay, and drain without a storm.</summary>
internal sealed class ResumedEventsTests : PausingTests
{
    [Test]
    public void Many_that_wait_cost_a_sweep_nothing_and_an_hour_two_calls_each()
    {
        Pause(First);
        var empty = CallsOfSweep();
        Wait(300);
        Assert.That(CallsOfSweep(), Is.EqualTo(empty));
        Account.Advance(EventRelay.MessageInterval - TimeSpan.FromMilliseconds(1));
        Assert.That(CallsOfSweep(), Is.EqualTo(empty));
        Account.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(CallsOfSweep(), Is.EqualTo(empty + 600), "read and put off");
        Assert.That(CallsOfSweep(), Is.EqualTo(empty));
        Assert.That(Account.Storage.Calls.Of(StorageOperation.SendMessage), Is.Zero);
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void They_drain_a_thousand_a_sweep_once_each_the_oldest_first() => Drain(1_500);

    [Test]
    [Explicit("Takes a minute.")]
    [Category("Soak")]
    public void Ten_thousand_drain_a_thousand_a_sweep_once_each() => Drain(10_000);

    [Test]
    public void What_waits_for_another_handler_is_left_alone()
    {
        Pause(First);
        Pause(Second);
        Wait(20);
        Wait(20, Second, "other");
        Resume(Second);
        Account.Storage.Calls.Clear();
        Sweep();
        Assert.That(Sent, Is.EqualTo(20));
    }

    [Test]
    public void One_whose_message_could_not_be_sent_is_sent_by_the_next_sweep_and_not_an_hour_later()
    {
        Pause(First);
        Process("key");
        Resume(First);
        App.Faults = call => call.Operation == StorageOperation.SendMessage ? Fault.Unavailable : Fault.None;
        Account.Advance(TimeSpan.FromMinutes(1));
        Sweep();
        Assert.That((App.Logged(61), App.Logged(69)), Is.EqualTo((1, 0)));
        App.Faults = _ => Fault.None;

        var completed = SweepAndProcess("key");

        Assert.That((completed.State, App.Records.Of("key")), Is.EqualTo((EventState.Completed, 2)));
        Assert.That(App.LogOf(69), Is.EqualTo([(
            LogLevel.Information, $"A handler that event {completed.Id} waited for was resumed; sent the event to its queue.")]));
    }

    private void Drain(int count)
    {
        Pause(First);
        Wait(count);
        Resume(First);
        var sent = new List<int>();
        for (var minute = 0; minute < (count / EventRelay.MostResumed) + 5; minute++)
        {
            Account.Storage.Calls.Clear();
            Sweep();
            sent.Add(Sent);
            if (minute == 0)
                Assert.That(App.Find("waiting-0")!.WaitsFor, Is.Empty, "the one that was received first");
            Account.Advance(TimeSpan.FromMinutes(1));
        }

        TestContext.Out.WriteLine($"{count} waited; a sweep sent {string.Join(", ", sent)}.");
        Assert.That((sent.Sum(), sent.Max()), Is.EqualTo((count, EventRelay.MostResumed)));
        Assert.That(sent.TakeLast(4), Is.All.Zero, "and none a second time");
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    private int CallsOfSweep()
    {
        Account.Storage.Calls.Clear();
        Sweep();
        return Account.Storage.Calls.Total;
    }

    private void Wait(int count, string handler = First, string name = "waiting") =>
        Account.Put(Enumerable.Range(0, count).SelectMany(i => Waiting($"{name}-{i}", handler, TimeSpan.FromSeconds(count - i))));

    private IEnumerable<TableEntity> Waiting(string key, string handler, TimeSpan ago)
    {
        var now = LedgerWriter.Rounded(Account.Now);
        var waiting = EventLedger.New(SimulatedApp.Type, key, now - ago, now) with
        {
            WaitsFor = [handler],
            CheckAt = now + EventRelay.MessageInterval,
        };
        return EventIndex.RowsOf(waiting).Prepend(LedgerRows.Whole(waiting, SimulatedApp.Body(key), "test"));
    }
}
