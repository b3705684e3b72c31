using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>Pages of a listing with each filter: whole, in order, and nothing twice.</summary>
internal sealed class PagingTests : SimulatedAppTests
{
    private const string Started = "ProvisioningStarted";
    private const string Failed = "ProvisioningFailed";

    [SetUp]
    public void Fill()
    {
        // Open, completed and dead ones of two types, in workspaces of three names, a minute apart.
        for (var i = 0; i < 30; i++)
        {
            var type = i % 2 == 0 ? Started : Failed;
            App.Insert($"key-{i}", type, name: (i % 3) switch { 0 => "Phoenix", 1 => "phoenix two ", _ => "Griffin" });
            if (i % 5 > 0)
            {
                var lease = App.Run(() => App.Ledger.ClaimAsync(EventId.Of(type, $"key-{i}"), null, false, CancellationToken.None)).Lease!;
                App.Run(() => i % 5 == 1 ? lease.DieAsync("error") : i % 5 == 2 ? lease.RetryAsync("error", TimeSpan.FromDays(1)) : lease.CompleteAsync());
            }

            Account.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Test]
    public void Without_a_filter_open_ones_come_first_then_dead_ones_then_completed_ones()
    {
        int[] open = [.. Numbers(0), .. Numbers(2)];
        int[] dead = [.. Numbers(1).Reverse()];
        int[] completed = [.. Numbers(3).Concat(Numbers(4)).OrderDescending()];
        foreach (var take in new[] { 7, 30, 200 })
            Assert.That(All(new EventFilter(), take), Is.EqualTo(Keys([.. open, .. dead, .. completed])), $"take {take}");
    }

    [TestCase(EventState.Received, 0)]
    [TestCase(EventState.Dead, 1)]
    [TestCase(EventState.Retrying, 2)]
    [TestCase(EventState.Processing, -1)]
    public void A_state_shows_those_in_it_alone(EventState state, int remainder)
    {
        foreach (var take in new[] { 1, 4, 50 })
            Assert.That(All(new EventFilter(state), take), Is.EquivalentTo(Keys([.. Numbers(remainder)])), $"take {take}");
    }

    [Test]
    public void A_type_shows_those_of_it_alone_in_every_state([Values(4, 200)] int take) => Assert.That(
        All(new EventFilter(Type: Failed), take), Is.EquivalentTo(Keys([.. Enumerable.Range(0, 30).Where(i => i % 2 == 1)])));

    [Test]
    public void A_state_and_a_type_show_what_is_of_both([Values(1, 200)] int take) => Assert.That(
        All(new EventFilter(EventState.Dead, Started), take), Is.EqualTo(Keys(26, 16, 6)));

    [TestCase("phoenix", 2)]
    [TestCase("PHOENIX", 2)]
    [TestCase(" phoenix ", 2)]
    [TestCase("phoenix two", 1)]
    [TestCase("griff", 1)]
    [TestCase("hoenix", 0)]
    [TestCase(" ", 3)]
    public void A_name_is_found_by_its_beginning_in_any_case(string name, int ofThree)
    {
        int[] found = [.. Enumerable.Range(0, 30).Where(i => ofThree switch
        {
            3 => true,
            2 => i % 3 < 2,
            1 => name.StartsWith('g') ? i % 3 == 2 : i % 3 == 1,
            _ => false,
        })];

        foreach (var take in new[] { 6, 200 })
            Assert.That(All(new EventFilter(Name: name), take), Is.EquivalentTo(Keys(found)), $"take {take}");
    }

    [Test]
    public void A_name_a_state_and_a_type_together_show_what_is_of_all_three()
    {
        Assert.That(All(new EventFilter(EventState.Dead, Failed, Name: "phoenix"), 1), Is.EquivalentTo(Keys(1, 21)));
        Assert.That(All(new EventFilter(EventState.Completed, Started, Name: "griffin"), 2), Is.EquivalentTo(Keys(8, 14)));
        Assert.That(All(new EventFilter(EventState.Received, Failed, Name: "phoenix"), 1), Is.EqualTo(Keys(15, 25)));
        Assert.That(All(new EventFilter(EventState.Retrying, Started, Name: "griffin"), 1), Is.EqualTo(Keys(2)));
        App.Run(() => App.Ledger.ClaimAsync(EventId.Of(Failed, "key-15"), null, false, CancellationToken.None));
        Assert.That(All(new EventFilter(EventState.Processing, Failed, Name: "phoenix"), 1), Is.EqualTo(Keys(15)));
    }

    [Test]
    public void Of_a_name_open_ones_come_first_and_finished_ones_after_them_once_each()
    {
        var dead = App.Find("key-11", Failed)!;
        App.Run(() => App.Ledger.ReopenAsync(dead));

        foreach (var take in new[] { 1, 4, 50 })
            Assert.That(All(new EventFilter(Name: "griffin"), take), Is.EqualTo(Keys(5, 20, 11, 2, 17, 29, 26, 23, 14, 8)), $"take {take}");
    }

    [Test]
    public void A_key_shows_the_events_of_it_that_the_rest_of_the_filter_names()
    {
        App.Insert("key-0", Failed);

        Assert.That(All(new EventFilter(Key: "key-0"), 50), Is.EqualTo(new[] { "key-0", "key-0" }));
        Assert.That(All(new EventFilter(Key: "key-0", Type: Failed), 50), Has.Count.EqualTo(1));
        Assert.That(All(new EventFilter(Key: "key-1", State: EventState.Received), 50), Is.Empty);
        Assert.That(All(new EventFilter(Key: "no such key"), 50), Is.Empty);
    }

    [Test]
    public void Dead_events_are_replayed_by_the_same_filter_as_many_as_asked_for_and_it_says_whether_more_remain()
    {
        var first = Replay(new EventFilter(EventState.Dead, Failed), 2);
        var second = Replay(new EventFilter(EventState.Dead, Failed), 2);

        Assert.That((first, second), Is.EqualTo((new ReplayReport(2, 0, 0, true, null), new ReplayReport(1, 0, 0, false, null))));
        Assert.That(All(new EventFilter(EventState.Dead), 50), Is.EqualTo(Keys(26, 16, 6)), "the other type is left alone");
        Assert.That(App.LogOf(71), Has.Count.EqualTo(3));
    }

    private static IEnumerable<int> Numbers(int remainder) => Enumerable.Range(0, 30).Where(i => i % 5 == remainder);

    private static string[] Keys(params int[] numbers) => [.. numbers.Select(i => $"key-{i}")];

    private ReplayReport Replay(EventFilter filter, int take)
    {
        var query = new EventQuery(filter, take, null);
        var report = App.Run(() => App.Get<DeadReplays>().ReplayAsync(query, null, CancellationToken.None));
        return report with { Continuation = null };
    }

    private List<string?> All(EventFilter filter, int take)
    {
        var (seen, continuation) = (new List<string?>(), (string?)null);
        do
        {
            var page = App.Run(() => App.Get<LedgerListing>().ListAsync(filter, take, continuation, CancellationToken.None));
            Assert.That(page.Events, Has.Count.LessThanOrEqualTo(take));
            seen.AddRange(page.Events.Select(one => one.IdempotencyKey));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return seen;
    }
}
