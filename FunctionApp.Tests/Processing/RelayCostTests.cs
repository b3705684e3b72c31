using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What a sweep of the relay costs, in requests to storage, and what it does not send.</summary>
internal sealed class RelayCostTests : SimulatedAppTests
{
    private int added;

    [SetUp]
    public void Count() => added = 0;

    [Test]
    public void A_sweep_costs_the_same_with_few_and_with_many_completed_events() => Compare(100, 500);

    [Test]
    [Explicit("Takes a minute.")]
    [Category("Soak")]
    public void A_sweep_costs_the_same_with_a_thousand_and_with_a_hundred_thousand_completed_events() => Compare(1000, 100_000);

    [Test]
    public void A_waiting_backlog_is_not_multiplied() => Wait(40);

    [Test]
    [Explicit("Takes a minute.")]
    [Category("Soak")]
    public void A_waiting_backlog_of_ten_thousand_is_not_multiplied() => Wait(10_000);

    private void Compare(int few, int many)
    {
        AddReceived(3);
        AddCompleted(few);
        var withFew = Sweep();
        AddCompleted(many - few);
        var withMany = Sweep();
        Account.Advance(EventLedger.PickUpTime);
        var (withOverdue, sent) = Sweep();
        TestContext.Out.WriteLine(
            $"Requests of a sweep with 3 open events: {few} completed: {withFew.Calls}. {many} completed: {withMany.Calls}. The 3 overdue: {withOverdue}.");
        Assert.That(withMany, Is.EqualTo(withFew));
        Assert.That(sent, Is.EqualTo(3));
        Assert.That(withOverdue - withMany.Calls, Is.EqualTo(9), "three for each: read, send, put off");
    }

    private void Wait(int waiting)
    {
        AddReceived(waiting);
        // Their messages are in the queue, and nobody gets to them.
        Account.Advance(EventLedger.PickUpTime);
        var first = Sweep().Sent;
        var later = new List<int>();
        for (var minute = 1; minute < EventRelay.MessageInterval.TotalMinutes; minute++)
        {
            Account.Advance(TimeSpan.FromMinutes(1));
            later.Add(Sweep().Sent);
        }

        Account.Advance(TimeSpan.FromMinutes(1));
        var nextHour = Sweep().Sent;
        TestContext.Out.WriteLine(
            $"{waiting} waiting: first sweep {first} sends, the {later.Count} of the hour after it {later.Sum()}, the next {nextHour}.");
        Assert.That(first, Is.EqualTo(waiting));
        Assert.That(later, Has.Count.EqualTo(59).And.All.Zero, "an hour long no message more");
        Assert.That(nextHour, Is.EqualTo(waiting));
    }

    private (int Calls, int Sent) Sweep()
    {
        Account.Storage.Calls.Clear();
        App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));
        return (Account.Storage.Calls.Total, Account.Storage.Calls.Of(StorageOperation.SendMessage));
    }

    private void AddReceived(int count)
    {
        for (var i = 0; i < count; i++)
            App.Insert($"received-{i}");
    }

    // Only their rows count here, not how they came about.
    private void AddCompleted(int count)
    {
        Account.Put(Enumerable.Range(added, count).SelectMany(Completed));
        added += count;
    }

    private IEnumerable<TableEntity> Completed(int number)
    {
        var now = Account.Now;
        var completed = EventLedger.New(SimulatedApp.Type, $"completed-{number}", now, now) with { State = EventState.Completed, FinishedAt = now };
        return EventIndex.RowsOf(completed).Prepend(LedgerRows.Whole(completed, "{}"u8.ToArray(), "test"));
    }
}
