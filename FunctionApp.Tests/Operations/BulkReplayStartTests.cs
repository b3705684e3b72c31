using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>How a replay of all dead events begins, in virtual time; how it goes on is for <see cref="BulkReplayTests"/>.</summary>
internal sealed class BulkReplayStartTests : SimulatedAppTests
{
    private const int Page = EventQuery.MaxTake;

    private BulkReplays Replays => App.Get<BulkReplays>();

    [Test]
    public void What_dies_later_is_left_out_unless_the_query_says_until_when()
    {
        var until = Account.Now + TimeSpan.FromDays(1);

        Assert.That(Replays.AsOfNow(Query()).Filter.Until, Is.EqualTo(Account.Now));
        Assert.That(Replays.AsOfNow(Query(until)).Filter.Until, Is.EqualTo(until));
        Assert.That(Replays.AsOfNow(Query(until) with { Take = 1 }).Take, Is.EqualTo(Page));
    }

    [Test]
    public void What_one_page_holds_is_replayed_at_once_and_nothing_is_left_to_the_timer()
    {
        Die(Page - 1);

        var report = Start(AsOfLater());

        Assert.That((report.Replayed, report.More), Is.EqualTo((Page - 1, false)));
        Assert.That(List(), Is.Empty);
    }

    [Test]
    public void The_same_form_that_is_sent_twice_starts_one_and_the_timer_ends_it()
    {
        Die(Page + 25);
        var all = AsOfLater();
        var page = First(all);

        var first = App.Run(() => Replays.StartAsync(all, page, "ada", CancellationToken.None));
        var again = App.Run(() => Replays.StartAsync(all, page, "ada", CancellationToken.None));

        Assert.That((first.Replayed, first.More, again.Replayed), Is.EqualTo((Page, true, 0)));
        var begun = List().Single();
        Assert.That((begun.By, begun.Replayed, begun.StartedAt, begun.FinishedAt), Is.EqualTo(("ada", Page, Account.Now, (DateTimeOffset?)null)));
        App.Run(() => Replays.RunAsync(CancellationToken.None));
        Assert.That((List().Single().Replayed, List().Single().FinishedAt), Is.EqualTo((Page + 25, (DateTimeOffset?)Account.Now)));
        Assert.That(App.LogOf(78).Single().Text, Is.EqualTo($"Replayed {Page + 25} dead events together."));
    }

    private static EventQuery Query(DateTimeOffset? until = null) => new(new EventFilter(EventState.Dead, Until: until), 50, null);

    private EventQuery AsOfLater()
    {
        Account.Advance(TimeSpan.FromMinutes(1));
        return Replays.AsOfNow(Query());
    }

    private EventPage First(EventQuery all) =>
        App.Run(() => App.Get<LedgerListing>().ListAsync(all.Filter, all.Take, null, CancellationToken.None));

    private ReplayReport Start(EventQuery all) => App.Run(() => Replays.StartAsync(all, First(all), null, CancellationToken.None));

    private IReadOnlyList<BulkReplay> List() => App.Run(() => Replays.ListAsync(CancellationToken.None));

    private void Die(int count) => Account.Keep(Enumerable.Range(0, count).Select(i =>
        EventLedger.New(SimulatedApp.Type, $"died-{i}", Account.Now, Account.Now) with
        {
            State = EventState.Dead,
            FinishedAt = Account.Now,
            LastError = "died",
        }));
}
