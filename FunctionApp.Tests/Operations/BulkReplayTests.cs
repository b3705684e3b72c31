using System.Text;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PointWebhooks.Functions;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>All dead events of a filter are replayed, however many, once each.</summary>
internal sealed class BulkReplayTests : SimulatedAppTests
{
    private const int Page = EventQuery.MaxTake;

    [Test]
    public void More_than_one_request_replays_run_on_with_the_timer_and_say_how_far_they_are()
    {
        Die(500, "jira: 401");
        Die(30, "teams: 404");
        Account.Advance(TimeSpan.FromSeconds(1));

        var first = Start("jira");
        Assert.That((first.Replayed, first.More), Is.EqualTo((200, true)));
        Assert.That(List().Single(), Has.Property(nameof(BulkReplay.Replayed)).EqualTo(200).And.Property(nameof(BulkReplay.By)).EqualTo("ada"));
        App.Run(() => App.Get<BulkReplays>().RunAsync(CancellationToken.None));

        Assert.That((List().Single().Replayed, List().Single().FinishedAt is not null), Is.EqualTo((500, true)));
        Assert.That(Dead(), Is.EqualTo(30), "those of another cause");
        Assert.That(App.Find("jira: 401-7")!.History[^1].By, Is.EqualTo("ada"));
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void What_dies_again_meanwhile_is_left_out_and_a_form_sent_twice_runs_once()
    {
        Die(250, "jira: 401");
        Account.Advance(TimeSpan.FromSeconds(1));
        var form = Query("jira") with { Filter = Query("jira").Filter with { Until = Account.Now } };
        Start(form, null);
        var again = App.Run(() => App.Get<LedgerListing>().ListAsync(new EventFilter(EventState.Received), 1, null, CancellationToken.None)).Events[0];
        var lease = App.Claim(again.IdempotencyKey!).Lease!;
        App.Run(() => lease.DieAsync("jira: 401"));
        var second = Start(form, null);
        App.Run(() => App.Get<BulkReplays>().RunAsync(CancellationToken.None));

        Assert.That((second.Replayed, List().Count, Dead()), Is.EqualTo((50, 1, 1)));
        Assert.That(App.Find(again.IdempotencyKey!)!.State, Is.EqualTo(EventState.Dead));
    }

    [TestCase(0, 1)]
    [TestCase(1, 0)]
    public void After_a_day_it_is_forgotten(int milliseconds, int left)
    {
        Put("finished", (nameof(BulkReplay.FinishedAt), Account.Now - TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(milliseconds)));

        Run();

        Assert.That(List(), Has.Count.EqualTo(left));
    }

    [Test]
    public void One_whose_filter_this_version_cannot_read_is_finished_and_replays_nothing()
    {
        Die(3, "jira: 401");
        Put("other-version", (nameof(BulkReplay.Filter), "state=Zombie"));

        Run();

        Assert.That((List().Single().Replayed, List().Single().FinishedAt is not null, Dead()), Is.EqualTo((0, true, 3)));
        Assert.That(App.LogOf(78), Has.Count.EqualTo(1));
    }

    [Test]
    public void Fewer_than_one_request_replays_leave_nothing_to_the_timer()
    {
        Die(3, "jira: 401");
        Account.Advance(TimeSpan.FromSeconds(1));

        Assert.That((Start("jira").Replayed, List().Count), Is.EqualTo((3, 0)));
    }

    [Test]
    public void Many_that_are_finished_hold_back_none()
    {
        Account.Put(Enumerable.Range(0, 25).Select(i => new TableEntity("replays", $"{i:D19}|finished")
        {
            [nameof(BulkReplay.FinishedAt)] = Account.Now,
        }));
        Die(500, "jira: 401");
        Account.Advance(TimeSpan.FromSeconds(1));
        Start("jira");

        App.Run(() => App.Get<BulkReplays>().RunAsync(CancellationToken.None));

        Assert.That(List()[^1].Replayed, Is.EqualTo(500));
    }

    [Test]
    public void More_of_another_cause_than_two_pages_pass_over_hold_back_none_behind_them()
    {
        const int Others = 2100;
        Die(5, "jira: 401");
        Account.Advance(TimeSpan.FromSeconds(1));
        Die(Others, "teams: 404");
        Account.Advance(TimeSpan.FromSeconds(1));
        Die(7, "jira: 403");
        Account.Advance(TimeSpan.FromSeconds(1));

        var first = Start("jira");
        // It ends, even if it should turn in a circle.
        App.Faults = _ => Fault.None with { Delay = TimeSpan.FromMilliseconds(50) };
        Run();

        Assert.That((first.Replayed, first.More), Is.EqualTo((7, true)));
        Assert.That((List().Single().Replayed, List().Single().FinishedAt is not null, Dead()), Is.EqualTo((12, true, Others)));
    }

    [Test]
    public void The_latest_twenty_are_shown()
    {
        Account.Put(Enumerable.Range(0, 25).Select(i => new TableEntity("replays", $"{i:D19}|one") { [nameof(BulkReplay.Replayed)] = i }));

        Assert.That(List().Select(one => one.Replayed), Is.EqualTo(Enumerable.Range(5, 20)));
    }

    [Test]
    public void A_run_ends_before_the_timer_is_due_again_and_the_next_one_goes_on()
    {
        Die(5 * Page, "jira: 401");
        Account.Advance(TimeSpan.FromSeconds(1));
        Start("jira");
        // Some 18 seconds for each 200.
        App.Faults = call => Fault.None with { Delay = TimeSpan.FromSeconds(call.Operation == StorageOperation.Transaction ? 0.7 : 0) };

        var (_, taken) = App.Timed(async () =>
        {
            await App.Get<BulkReplays>().RunAsync(CancellationToken.None);
            return true;
        });

        Assert.That(taken, Is.GreaterThan(TimeSpan.FromSeconds(30)).And.LessThan(TimeSpan.FromMinutes(1)));
        Assert.That(List().Single().FinishedAt, Is.Null);
        Run();
        Assert.That((List().Single().FinishedAt is not null, Dead()), Is.EqualTo((true, 0)));
    }

    [TestCase("?state=dead", Page)]
    [TestCase("?state=dead&take=3", 3)]
    public void A_request_replays_as_many_as_it_asks_for_or_as_many_as_one_can(string query, int replayed)
    {
        Die(Page + 25, "jira: 401");
        var request = new DefaultHttpContext().Request;
        (request.Method, request.QueryString) = (HttpMethods.Post, new QueryString(query));

        var answer = App.Run(() => App.Get<EventChanges>().ReplayDeadAsync(request, CancellationToken.None));

        var report = ((JsonHttpResult<ReplayReport>)answer).Value!;
        Assert.That((report.Replayed, report.More, Dead()), Is.EqualTo((replayed, true, Page + 25 - replayed)));
        Assert.That(List(), Is.Empty, "nobody has asked for all");
    }

    [Test]
    public void What_dies_later_is_left_out_unless_the_query_says_until_when()
    {
        var (query, until) = (Query("jira"), Account.Now + TimeSpan.FromDays(1));

        Assert.That(App.Get<BulkReplays>().AsOfNow(query), Is.EqualTo(query with { Take = Page, Filter = query.Filter with { Until = Account.Now } }));
        query = query with { Filter = query.Filter with { Until = until } };
        Assert.That(App.Get<BulkReplays>().AsOfNow(query).Filter.Until, Is.EqualTo(until));
    }

    [Test]
    public void The_same_form_that_is_sent_twice_at_once_starts_one()
    {
        Die(Page + 25, "jira: 401");
        Account.Advance(TimeSpan.FromSeconds(1));
        var (all, page) = First("jira");

        var both = App.Run(() => Task.WhenAll(Enumerable.Range(0, 2).Select(_ =>
            App.Get<BulkReplays>().StartAsync(all, page, "ada", CancellationToken.None))));

        Assert.That((both.Sum(one => one!.Replayed), both.Count(one => one!.More), List().Count), Is.EqualTo((Page, 2, 1)));
        Run();
        Assert.That((List().Single().FinishedAt is not null, Dead()), Is.EqualTo((true, 0)));
    }

    [Test]
    public void Where_storage_does_not_say_in_time_whether_the_rest_is_left_to_the_timer_this_is_not_known()
    {
        Die(Page + 25, "jira: 401");
        Account.Advance(TimeSpan.FromSeconds(1));
        var ((all, page), writes) = (First("jira"), 0);
        App.Faults = call => call.Operation == StorageOperation.Transaction && ++writes > Page ? Fault.Hangs : Fault.None;

        var (report, taken) = App.Timed(() => App.Get<BulkReplays>().StartAsync(all, page, null, CancellationToken.None));

        Assert.That((report, taken), Is.EqualTo(((ReplayReport?)null, AnswerDeadline.Limit)));
        Assert.That(App.LogOf(79), Has.Count.EqualTo(1));
    }

    [Test]
    public void Where_storage_stops_answering_the_operator_is_told_and_nothing_is_left_to_the_timer()
    {
        Die(Page + 25, "jira: 401");
        Account.Advance(TimeSpan.FromSeconds(1));
        var ((all, page), writes) = (First("jira"), 0);
        App.Faults = call => IsOfAnEvent(call) && writes++ >= 10 ? Fault.Hangs : Fault.None;

        var (report, taken) = App.Timed(() => App.Get<BulkReplays>().StartAsync(all, page, null, CancellationToken.None));

        Assert.That((report!.Replayed, report.Unknown, report.More, taken), Is.EqualTo((10, 6, true, AnswerDeadline.Limit)));
        Assert.That(List(), Is.Empty);
    }

    private static bool IsOfAnEvent(StorageCall call) =>
        call.Operation == StorageOperation.Transaction
        && !Encoding.UTF8.GetString(call.Request.Body.Span).Contains("\"replays\"", StringComparison.Ordinal);

    private void Put(string name, params (string Column, object Value)[] columns)
    {
        var row = new TableEntity("replays", $"{0:D19}|{name}");
        foreach (var (column, value) in columns)
            row[column] = value;
        Account.Put(row);
    }

    private void Run() => App.Run(() => App.Get<BulkReplays>().RunAsync(CancellationToken.None));

    private static EventQuery Query(string error) => EventQuery.All with { Filter = new EventFilter(EventState.Dead, Error: error) };

    private ReplayReport Start(string error) => Start(Query(error), "ada");

    private ReplayReport Start(EventQuery query, string? by)
    {
        var (all, page) = First(query);
        return App.Run(() => App.Get<BulkReplays>().StartAsync(all, page, by, CancellationToken.None))!;
    }

    private (EventQuery All, EventPage Page) First(string error) => First(Query(error));

    private (EventQuery All, EventPage Page) First(EventQuery query)
    {
        var all = App.Get<BulkReplays>().AsOfNow(query);
        return (all, App.Run(() => App.Get<EventOperations>().ListAsync(all, CancellationToken.None)));
    }

    private IReadOnlyList<BulkReplay> List() => App.Run(() => App.Get<BulkReplays>().ListAsync(CancellationToken.None));

    private int Dead() => App.Run(() => App.Get<LedgerListing>().TallyAsync(new EventFilter(EventState.Dead), 1000, CancellationToken.None))!.Count;

    private void Die(int count, string error) => Account.KeepDead(Enumerable.Range(0, count).Select(i => $"{error}-{i}"), error);
}
