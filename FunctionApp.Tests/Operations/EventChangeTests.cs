using Microsoft.AspNetCore.Http;
using PointWebhooks.Functions;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Queues;
using PointWebhooks.Telemetry;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>What an operator does with one event, and what its history tells of that.</summary>
internal sealed class EventChangeTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    private const string Log = nameof(LogEventHandler);
    private const string Recording = nameof(RecordingHandler);

    [Test]
    public void A_waiting_event_is_given_up_and_its_message_does_nothing_then()
    {
        App.Insert("key");

        var answer = Change(found => Operations.GiveUpAsync(found, "ada@contoso.example"));

        Assert.That((answer.Outcome, answer.State), Is.EqualTo((ChangeOutcome.GivenUp, EventState.Dead)));
        Process();
        Assert.That(App.Records.Of("key"), Is.Zero);
        Assert.That(App.Find("key")!.History[^1].By, Is.EqualTo("ada@contoso.example"));
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void An_event_that_is_processed_just_now_is_not_given_up()
    {
        App.Claimed("key");
        Assert.That(Change(found => Operations.GiveUpAsync(found, null)).Outcome, Is.EqualTo(ChangeOutcome.Open));
    }

    [Test]
    public void An_event_that_has_moved_on_is_not_given_up_and_is_not_said_to_be_at_work()
    {
        App.Insert("key");
        var stale = App.Run(() => Operations.FindAsync(Id.Value, withBody: false, CancellationToken.None));
        Account.Edit(Id.Row, _ => { });

        Assert.That(App.Run(() => Operations.GiveUpAsync(stale, null)).Outcome, Is.EqualTo(ChangeOutcome.Changed));
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received));
    }

    [Test]
    public void An_event_that_is_open_or_has_moved_on_is_not_erased()
    {
        App.Insert("key");
        Assert.That(Change(Operations.EraseAsync), Is.EqualTo(new ChangeAnswer(ChangeOutcome.Open, Id.Value, EventState.Received)));
        App.Run(() => App.Claim("key").Lease!.CompleteAsync());
        var stale = App.Run(() => Operations.FindAsync(Id.Value, withBody: false, CancellationToken.None));
        Account.Edit(Id.Row, _ => { });

        Assert.That(App.Run(() => Operations.EraseAsync(stale)).Outcome, Is.EqualTo(ChangeOutcome.Changed));
        Assert.That(
            App.Run(() => Operations.ReplayAsync(stale, new Replay(IncludeCompleted: true))).Outcome, Is.EqualTo(ChangeOutcome.Changed));
        Assert.That(Change(Operations.EraseAsync), Is.EqualTo(new ChangeAnswer(ChangeOutcome.Erased, Id.Value, EventState.Forgotten)));
    }

    [TestCase("key", 200)]
    [TestCase("nothing", 404)]
    public void Who_deletes_is_answered_and_sent_to_no_page_also_where_it_would_rather_have_one(string key, int status)
    {
        Completed();
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Headers.Accept) = (HttpMethods.Delete, "text/html");

        var answer = App.Run(() => App.Get<EventChanges>().EraseAsync(request, key, CancellationToken.None));

        Assert.That(((IStatusCodeHttpResult)answer).StatusCode, Is.EqualTo(status));
    }

    [Test]
    public void What_is_gone_or_cannot_be_read_is_not_changed()
    {
        App.Run(() => App.Claimed("key").CompleteAsync());
        Change(Operations.EraseAsync);
        Assert.That(EachChange(), Is.All.EqualTo(new ChangeAnswer(ChangeOutcome.Gone, Id.Value, EventState.Forgotten)));

        Account.Edit(Id.Row, row => row["State"] = "Zombie");
        Assert.That(EachChange(), Is.All.EqualTo(new ChangeAnswer(ChangeOutcome.Gone, Id.Value, EventState.Unreadable)));

        List<ChangeAnswer> EachChange() =>
            [Change(found => Operations.ReplayAsync(found, new Replay())), Change(found => Operations.GiveUpAsync(found, null)), Change(Operations.EraseAsync)];
    }

    [Test]
    public void A_replay_sends_its_message_at_once()
    {
        App.Run(() => App.Claimed("key").DieAsync("error"));

        Change(found => Operations.ReplayAsync(found, new Replay()));

        Assert.That(Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Has.Count.EqualTo(1));
    }

    [Test]
    public void An_event_that_is_finished_is_not_given_up()
    {
        Completed();
        Assert.That(Change(found => Operations.GiveUpAsync(found, null)).Outcome, Is.EqualTo(ChangeOutcome.Finished));
    }

    [Test]
    public void One_handler_alone_runs_again_for_a_completed_event()
    {
        Completed();

        var answer = Change(found => Operations.ReplayAsync(found, new Replay(Handler: Recording)));
        Process();

        Assert.That(answer.Outcome, Is.EqualTo(ChangeOutcome.Replayed));
        var found = App.Find("key")!;
        Assert.That((found.State, App.Records.Of("key")), Is.EqualTo((EventState.Completed, 2)));
        Assert.That(found.History.Count(entry => entry.Detail == Log), Is.EqualTo(1), "the other did not");
        Assert.That(Steps().Select(step => step.Title), Does.Contain($"Replayed for {Recording} only"));
    }

    [Test]
    public void Of_a_dead_event_one_handler_runs_alone_and_what_another_owes_stays()
    {
        App.Insert("key");
        App.Records.Failing["key"] = () => new PermanentFailureException("no such project");
        Process();
        App.Records.Failing.Clear();

        Change(found => Operations.ReplayAsync(found, new Replay(Handler: Log)));
        Process();
        Assert.That((App.Find("key")!.State, App.Records.Of("key")), Is.EqualTo((EventState.Dead, 0)));

        Change(found => Operations.ReplayAsync(found, new Replay()));
        Process();
        Assert.That((App.Find("key")!.State, App.Records.Of("key")), Is.EqualTo((EventState.Completed, 1)));
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void A_handler_that_does_not_handle_the_event_is_refused()
    {
        Completed();
        Assert.That(
            Change(found => Operations.ReplayAsync(found, new Replay(Handler: "nobody"))).Outcome, Is.EqualTo(ChangeOutcome.NoSuchHandler));
    }

    [Test]
    public void A_form_that_is_sent_twice_replays_once_also_when_the_event_has_finished_meanwhile()
    {
        Completed();
        var form = new Replay(IncludeCompleted: true, Seen: App.Find("key")!.FinishedAt);

        var first = Change(found => Operations.ReplayAsync(found, form)).Outcome;
        Account.Advance(TimeSpan.FromSeconds(1));
        Process();
        var second = Change(found => Operations.ReplayAsync(found, form)).Outcome;

        Assert.That((first, second), Is.EqualTo((ChangeOutcome.Replayed, ChangeOutcome.Changed)));
        Assert.That(App.Records.Of("key"), Is.EqualTo(2));
    }

    [Test]
    public void Its_history_tells_who_did_what_and_how_long_it_took()
    {
        App.Insert("key");
        App.Records.Failing["key"] = () => new HttpRequestException("503 Service Unavailable");
        Process();
        App.Records.Failing.Clear();
        App.Records.BeforeEach = async (context, _) => await Task.Delay(TimeSpan.FromSeconds(2), App.Time, CancellationToken.None);
        Account.Advance(TimeSpan.FromMinutes(1));
        Process();

        var steps = Steps();

        Assert.That(
            steps.Select(step => step.Title),
            Is.EqualTo(new[]
            {
                "Received, kept and queued", "Attempt 1 began", $"{Log} finished", "Attempt 1 failed", "Attempt 2 began", $"{Recording} finished", "Completed",
            }));
        Assert.That(steps[1].By, Is.EqualTo(AppInstance.NameAndVersion));
        Assert.That((steps[3].Detail, steps[3].IsFailure), Is.EqualTo(($"{Recording}: 503 Service Unavailable", true)));
        Assert.That(steps[5].Took, Is.EqualTo(2000));
        var standings = EventTimeline.Standings(App.Find("key")!, [Log, Recording]);
        Assert.That(standings.Select(one => (one.Name, one.State, one.Last?.Took)), Is.EqualTo(new[] { (Log, "finished", 0L), (Recording, "finished", (long?)2000) }));
    }

    private static EventId Id => EventId.Of(SimulatedApp.Type, "key");

    private EventOperations Operations => App.Get<EventOperations>();

    private IReadOnlyList<TimelineStep> Steps() => EventTimeline.Of(App.Find("key")!);

    private void Completed()
    {
        App.Insert("key");
        Process();
    }

    private void Process() => App.Run(() => App.ProcessAsync(new EventMessage(SimulatedApp.Type, "key", null)));

    private ChangeAnswer Change(Func<FoundEvent, Task<ChangeAnswer>> change) => App.Run(async () => await change(
        await Operations.FindAsync(EventId.Of(SimulatedApp.Type, "key").Value, withBody: true, CancellationToken.None)));
}
