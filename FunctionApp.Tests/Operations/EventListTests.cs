using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>What a person can look for among events, and what that costs.</summary>
internal sealed class EventListTests : SimulatedAppTests
{
    private const int Partitions = 16;

    [Test]
    public void Dead_events_are_found_by_a_part_of_their_error_and_by_its_cause()
    {
        Die("one", "jira: 401 Unauthorized, request 1234567");
        Die("two", "jira: 401 Unauthorized, request 7654321");
        Die("three", "teams: 404 Not Found");

        var causes = Read(new EventFilter(EventState.Dead)).Dead!.Causes;

        Assert.That(causes.Select(cause => (cause.Error, cause.Count)), Is.EqualTo(new[]
        {
            ("jira: 401 Unauthorized, request …", 2), ("teams: 404 Not Found", 1),
        }));
        Assert.That(Keys(new EventFilter(EventState.Dead, Cause: causes[0].Cause)), Is.EquivalentTo(new[] { "one", "two" }));
        Assert.That(Keys(new EventFilter(EventState.Dead, Error: "NOT found")), Is.EqualTo(new[] { "three" }));
        Assert.That(Keys(new EventFilter(Error: "7654321")), Is.EqualTo(new[] { "two" }));
    }

    [Test]
    public void Finished_events_are_found_by_the_time_at_which_they_finished_at_the_cost_of_what_is_shown()
    {
        var times = new List<DateTimeOffset>();
        foreach (var key in new[] { "first", "second", "third" })
        {
            Account.Advance(TimeSpan.FromHours(1));
            Die(key, "error");
            times.Add(App.Find(key)!.FinishedAt!.Value);
        }

        Account.Storage.Calls.Clear();
        Assert.That(Keys(new EventFilter(EventState.Dead, Since: times[1], Until: times[2])), Is.EqualTo(new[] { "second" }));
        Assert.That(Account.Storage.Calls.Total, Is.EqualTo(Partitions + 1), "nothing else was looked at");
        Assert.That(Keys(new EventFilter(EventState.Dead, Since: times[1])), Is.EqualTo(new[] { "third", "second" }));
        Assert.That(Keys(new EventFilter(EventState.Dead, Until: times[1])), Is.EqualTo(new[] { "first" }));
        Assert.That(Keys(new EventFilter(EventState.Completed, Since: times[0])), Is.Empty);
    }

    [Test]
    public void Counting_ends_at_its_bound_and_says_so()
    {
        for (var i = 0; i < 40; i++)
            App.Insert($"key-{i}");
        Die("dead", "error");

        Assert.That(Tally(new EventFilter(), 100), Is.EqualTo(new EventTally(41, IsAtLeast: false)));
        Assert.That(Tally(new EventFilter(EventState.Dead), 100), Is.EqualTo(new EventTally(1, IsAtLeast: false)));
        var bounded = Tally(new EventFilter(EventState.Received), 2)!;
        Assert.That((bounded.IsAtLeast, bounded.Count), Is.EqualTo((true, bounded.Count)).And.Not.EqualTo((true, 40)));
        Assert.That(Tally(new EventFilter(Error: "x"), 100), Is.Null, "the index does not know errors");
        Assert.That(Tally(new EventFilter(EventState.Processing), 100), Is.Null, "nor who is being processed");
    }

    [Test]
    public void A_page_costs_a_bounded_number_of_calls()
    {
        for (var i = 0; i < 60; i++)
            App.Insert($"key-{i}");
        for (var i = 0; i < 10; i++)
            Die($"dead-{i}", "error");

        Account.Storage.Calls.Clear();
        var report = Read(new EventFilter());

        Assert.That((report.Page!.Events.Count, report.Total, report.Dead!.LookedAt), Is.EqualTo((50, new EventTally(70, false), 10)));
        Assert.That(Account.Storage.Calls.Total, Is.EqualTo((Partitions + 50) + (3 * Partitions) + (Partitions + 10 + 1) + 1), "page, counts, causes and what is said of them, replays");
    }

    private EventListReport Read(EventFilter filter) =>
        App.Run(() => App.Get<EventListReader>().ReadAsync(EventQuery.All with { Filter = filter }, CancellationToken.None));

    private IEnumerable<string?> Keys(EventFilter filter) =>
        App.Run(() => App.Get<LedgerListing>().ListAsync(filter, 50, null, CancellationToken.None)).Events.Select(one => one.IdempotencyKey);

    private EventTally? Tally(EventFilter filter, int most) =>
        App.Run(() => App.Get<LedgerListing>().TallyAsync(filter, most, CancellationToken.None));

    private void Die(string key, string error)
    {
        var lease = App.Claimed(key);
        App.Run(() => lease.DieAsync(error));
    }
}
