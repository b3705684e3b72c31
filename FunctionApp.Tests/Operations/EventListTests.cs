using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Simulation.Calls;
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

    [TestCase("Φάκελος", "ΦΆΚΕΛΟΣ")]
    [TestCase("ΦΆΚΕΛΟΣ", "φάκελος")]
    [TestCase("5 µm", "5 μM")]
    [TestCase("Straße", "STRAßE")]
    public void A_name_is_found_in_any_case_whether_its_event_is_open_or_finished(string name, string asked)
    {
        App.Insert("open", name: name);
        App.Insert("finished", name: name);
        App.Run(() => App.Claim("finished").Lease!.CompleteAsync());

        Assert.That(Keys(new EventFilter(Name: asked)), Is.EquivalentTo(new[] { "open", "finished" }));
        Assert.That(Tally(new EventFilter(Name: asked), 100), Is.EqualTo(new EventTally(2, IsAtLeast: false)));
    }

    [Test]
    public void Names_that_begin_as_much_alike_as_the_index_holds_are_told_apart_and_not_counted()
    {
        var held = new string('я', 32);
        foreach (var key in new[] { "one", "two" })
        {
            App.Insert(key, name: $"{held} {key}");
            App.Run(() => App.Claim(key).Lease!.CompleteAsync());
        }

        Assert.That(Keys(new EventFilter(Name: $"{held} one")), Is.EqualTo(new[] { "one" }));
        Assert.That(Tally(new EventFilter(Name: $"{held} one"), 100), Is.Null);
        Assert.That(Tally(new EventFilter(Name: held), 100), Is.EqualTo(new EventTally(2, IsAtLeast: false)));
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
        List<string> keys = [.. Enumerable.Range(0, 40).Select(i => $"key-{i}")];
        foreach (var key in keys)
            App.Insert(key);
        Die("dead", "error");
        var twoOfEachPartition = keys.GroupBy(key => EventId.Of(SimulatedApp.Type, key).Partition).Sum(partition => Math.Min(partition.Count(), 2));

        Assert.That(Tally(new EventFilter(), 100), Is.EqualTo(new EventTally(41, IsAtLeast: false)));
        Assert.That(Tally(new EventFilter(EventState.Dead), 100), Is.EqualTo(new EventTally(1, IsAtLeast: false)));
        Assert.That(Tally(new EventFilter(EventState.Received), 2), Is.EqualTo(new EventTally(twoOfEachPartition, IsAtLeast: true)));
        Assert.That(Tally(new EventFilter(Error: "x"), 100), Is.Null, "the index does not know errors");
        Assert.That(Tally(new EventFilter(EventState.Processing), 100), Is.Null, "nor who is being processed");
    }

    [Test]
    public void A_cause_says_when_it_struck_last_and_how_often_since_somebody_sees_to_it()
    {
        Die("one", "jira: 401");
        var cause = Read(new EventFilter(EventState.Dead)).Dead!.Causes.Single().Cause;
        App.Run(() => App.Get<KnownCauses>().AcknowledgeAsync(cause, "ada"));
        Account.Advance(TimeSpan.FromMinutes(1));
        Die("two", "jira: 401");
        var latest = App.Find("two")!.FinishedAt;

        var dead = Read(new EventFilter(EventState.Dead)).Dead!;

        var read = dead.Causes.Single();
        Assert.That((read.Count, read.LatestAt, read.KnownBy, read.DiedSince), Is.EqualTo((2, latest, "ada", (int?)1)));
        Assert.That((dead.LookedAt, dead.More), Is.EqualTo((2, false)));
    }

    [Test]
    public void Of_many_dead_ones_two_hundred_are_looked_at()
    {
        Account.Keep(Enumerable.Range(0, 201).Select(i => EventLedger.New(SimulatedApp.Type, $"key-{i}", Account.Now, Account.Now) with
        {
            State = EventState.Dead,
            FinishedAt = Account.Now,
            LastError = "error",
        }));

        var dead = Read(new EventFilter(EventState.Dead)).Dead!;

        Assert.That((dead.LookedAt, dead.More, dead.Causes.Single().Count), Is.EqualTo((200, true, 200)));
    }

    [TestCase(199, 199, false)]
    [TestCase(201, 200, true)]
    public void Fewer_than_two_hundred_in_a_partition_are_counted_and_of_more_it_says_so(int kept, int counted, bool isAtLeast)
    {
        var keys = Enumerable.Range(0, int.MaxValue).Select(i => $"key-{i}")
            .Where(key => EventId.Of(SimulatedApp.Type, key).Partition == "0");
        Account.KeepDead(keys.Take(kept), "error");

        Assert.That(Read(new EventFilter(EventState.Dead)).Total, Is.EqualTo(new EventTally(counted, isAtLeast)));
    }

    [Test]
    public void Of_many_causes_the_ten_most_frequent_are_shown()
    {
        foreach (var error in "abcdefghijkl")
            Account.KeepDead([$"died of {error}"], $"error {error}");
        Account.KeepDead(["died again"], "error l");

        var dead = Read(new EventFilter(EventState.Dead)).Dead!;

        Assert.That((dead.Causes.Count, dead.Causes[0].Error, dead.LookedAt), Is.EqualTo((10, "error l", 13)));
    }

    [Test]
    public void The_causes_are_shown_on_the_first_page_of_a_list_that_has_dead_ones()
    {
        Die("one", "error");
        var first = Read(new EventFilter());
        EventFilter[] without =
            [new(EventState.Completed), new(Key: "one"), new(Name: "p"), new(Error: "error"), new(Cause: first.Dead!.Causes[0].Cause)];

        Assert.That(Read(new EventFilter(Type: SimulatedApp.Type)).Dead, Is.Not.Null);
        Assert.That(without.Select(filter => Read(filter).Dead), Is.All.Null);
        var next = EventQuery.All with { Continuation = EventIndex.KeysOf(App.Find("one")!)[0] };
        Assert.That(App.Run(() => App.Get<EventListReader>().ReadAsync(next, CancellationToken.None)).Dead, Is.Null);
    }

    [Test]
    public void What_is_not_known_is_named_and_why()
    {
        App.Faults = _ => Fault.Unavailable;
        var failed = Read(new EventFilter());
        App.Faults = _ => Fault.Hangs;
        var silent = Read(new EventFilter());

        Assert.That(failed.Unknown.Select(part => part.Part), Is.EqualTo(["causes", "counts", "events", "replays"]));
        Assert.That((failed.Page, failed.Total, failed.Dead, failed.Replays), Is.EqualTo(((EventPage?)null, (EventTally?)null, (DeadCauses?)null, (IReadOnlyList<BulkReplay>?)null)));
        Assert.That(silent.Unknown.Select(part => part.Why), Is.All.EqualTo("The storage account did not answer in time."));
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
