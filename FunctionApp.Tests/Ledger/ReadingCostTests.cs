using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>What reading costs, in calls: what it returns, never what the ledger holds.</summary>
internal sealed class ReadingCostTests : SimulatedAppTests
{
    private const int Rare = 3;
    private const int Partitions = 16;

    [Test]
    public void A_listing_costs_what_it_returns_by_whatever_it_is_filtered()
    {
        Fill(1_000);
        Account.Put(Enumerable.Range(0, Rare).SelectMany(i => Rows($"rare-{i}", "ProvisioningFailed", EventState.Completed, "Zephyr")));
        Account.Put(Rows("retrying", "ProvisioningStarted", EventState.Retrying, "Phoenix"));

        Assert.That(Cost(new EventFilter(Type: "ProvisioningFailed")), Is.EqualTo((Rare, (3 * Partitions) + Rare)), "type: three groups");
        Assert.That(Cost(new EventFilter(EventState.Completed, "ProvisioningFailed")), Is.EqualTo((Rare, Partitions + Rare)), "state and type");
        Assert.That(Cost(new EventFilter(EventState.Dead)), Is.EqualTo((0, Partitions)), "a state that none is in");
        Assert.That(Cost(new EventFilter(Type: "NoSuchType")), Is.EqualTo((0, 3 * Partitions)), "a type that none has");
        Assert.That(Cost(new EventFilter(Name: "zeph")), Is.EqualTo((Rare, (2 * Partitions) + Rare)), "name: open and finished");
        Assert.That(Cost(new EventFilter(Key: "key-7")), Is.EqualTo((1, 1)), "key");
        Assert.That(Cost(new EventFilter(EventState.Completed), take: 50), Is.EqualTo((50, Partitions + 50)), "a page of many");
        Assert.That(Cost(new EventFilter(EventState.Retrying), take: 50), Is.EqualTo((1, Partitions + 1)), "the one that is tried again");
    }

    [Test]
    public void Those_that_are_tried_again_are_found_among_many_that_wait()
    {
        Fill(1_000, EventState.Received);
        Account.Put(Rows("retrying", "ProvisioningStarted", EventState.Retrying, "Phoenix"));

        Assert.That(Cost(new EventFilter(EventState.Retrying), take: 50), Is.EqualTo((1, Partitions + 1)));
        Assert.That(Cost(new EventFilter(EventState.Retrying, "ProvisioningStarted"), take: 50), Is.EqualTo((1, Partitions + 1)));
        Assert.That(Cost(new EventFilter(Type: "ProvisioningStarted"), take: 50), Is.EqualTo((1, (3 * Partitions) + 1)), "by type");
        Assert.That(Cost(new EventFilter(Name: "phoenix"), take: 50), Is.EqualTo((1, (2 * Partitions) + 1)), "by name");
    }

    [Test]
    public void A_page_of_those_that_are_being_processed_looks_at_a_thousand_others_at_most()
    {
        Fill(1_500, EventState.Received);
        App.Claimed("claimed");
        var (found, costs, continuation) = (0, new List<int>(), (string?)null);
        do
        {
            Account.Storage.Calls.Clear();
            var page = App.Run(() => App.Get<LedgerListing>().ListAsync(
                new EventFilter(EventState.Processing), 50, continuation, CancellationToken.None));
            costs.Add(Account.Storage.Calls.Total);
            found += page.Events.Count;
            continuation = page.Continuation;
        }
        while (continuation is not null);

        Assert.That(found, Is.EqualTo(1));
        Assert.That(costs, Has.Count.EqualTo(2).And.All.LessThan(1_500));
    }

    [Test]
    public void Every_page_of_a_long_listing_costs_the_same()
    {
        Fill(300);
        var (costs, keys, continuation) = (new List<int>(), new List<string?>(), (string?)null);
        do
        {
            Account.Storage.Calls.Clear();
            var page = App.Run(() => App.Get<LedgerListing>().ListAsync(
                new EventFilter(EventState.Completed), 50, continuation, CancellationToken.None));
            costs.Add(Account.Storage.Calls.Total);
            keys.AddRange(page.Events.Select(one => one.IdempotencyKey));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        Assert.That(keys, Is.EquivalentTo(Enumerable.Range(0, 300).Select(i => $"key-{i}")));
        Assert.That(costs.SkipLast(1), Is.All.EqualTo(Partitions + 50));
    }

    [Test]
    public void Relay_status_and_listing_cost_the_same_calls_with_a_hundred_and_with_a_thousand_events() => Compare(100, 1_000);

    [Test]
    [Explicit("Takes a minute.")]
    [Category("Soak")]
    public void Relay_status_and_listing_cost_the_same_calls_with_a_thousand_and_with_a_hundred_thousand_events() => Compare(1_000, 100_000);

    private void Compare(int few, int many)
    {
        App.Insert("open");
        Fill(few);
        var withFew = Costs();
        Fill(many);
        var withMany = Costs();

        TestContext.Out.WriteLine($"{few} events: {string.Join("; ", withFew)}\n{many} events: {string.Join("; ", withMany)}");
        Assert.That(withMany, Is.EqualTo(withFew));
    }

    private List<string> Costs() =>
    [
        Calls(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None)),
        Calls(() => App.Get<StatusReader>().ReadAsync(CancellationToken.None)),
        Calls(() => App.Get<LedgerListing>().ListAsync(new EventFilter(), 50, null, CancellationToken.None)),
        Calls(() => App.Get<LedgerPurge>().RunAsync(CancellationToken.None)),
    ];

    private string Calls(Func<Task> read)
    {
        Account.Storage.Calls.Clear();
        App.Run(read);
        return Account.Storage.Calls.ToString();
    }

    private (int Events, int Calls) Cost(EventFilter filter, int take = 200)
    {
        Account.Storage.Calls.Clear();
        var page = App.Run(() => App.Get<LedgerListing>().ListAsync(filter, take, null, CancellationToken.None));
        Assert.That(Account.Storage.Calls.Of(StorageOperation.Transaction), Is.Zero, "it only reads");
        return (page.Events.Count, Account.Storage.Calls.Total);
    }

    private void Fill(int count, EventState state = EventState.Completed) => Account.Put(
        Enumerable.Range(0, count).SelectMany(i => Rows($"key-{i}", "ProvisioningCompleted", state, null)));

    private IEnumerable<TableEntity> Rows(string key, string type, EventState state, string? name)
    {
        var at = Account.Now;
        var kept = EventLedger.New(type, key, at, at) with { State = state, FinishedAt = at, WorkspaceName = name };
        return EventIndex.RowsOf(kept).Prepend(LedgerRows.Whole(kept, "{}"u8.ToArray(), "test"));
    }
}
