using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PointWebhooks.Functions;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>Who presses a button while storage does not answer is told the truth in time, and nothing is broken off.</summary>
internal sealed class AnswerDeadlineTests : SimulatedAppTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    [Test]
    public void What_cannot_be_read_is_not_touched()
    {
        Die("key");
        App.Faults = _ => Fault.Hangs;

        var (answer, taken) = Press("key");

        Assert.That((Title(answer), taken), Is.EqualTo(("Nothing was done.", Limit)));
        App.Faults = _ => Fault.None;
        Account.Advance(TimeSpan.FromMinutes(1));
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Dead));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_write_that_is_not_answered_is_not_known_and_goes_on(bool takesEffectAtOnce)
    {
        Die("key");
        App.Faults = call => call.Operation != StorageOperation.Transaction ? Fault.None
            : takesEffectAtOnce ? Fault.HangsAfterEffect : Fault.Hangs;

        var (answer, taken) = Press("key");

        Assert.That((Title(answer), taken), Is.EqualTo(("It is not known whether this was done.", Limit)));
        Assert.That(App.LogOf(79), Has.Count.EqualTo(1));
        App.Faults = _ => Fault.None;
        Account.Advance(TimeSpan.FromMinutes(1));
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received), "it was tried again");
        Assert.That(Account.IndexFaults, Is.Empty);
    }

    [Test]
    public void Reading_and_writing_have_one_limit_together()
    {
        Die("key");
        App.Faults = call => Fault.None with { Delay = TimeSpan.FromSeconds(call.Operation == StorageOperation.Transaction ? 3 : 0.5) };

        var (answer, taken) = Press("key");

        Assert.That((Title(answer), taken), Is.EqualTo(("It is not known whether this was done.", Limit)));
    }

    [TestCase("replay")]
    [TestCase("give-up")]
    [TestCase("erase")]
    public void A_browser_is_told_on_the_page_of_the_event(string action)
    {
        Die("key");
        App.Faults = _ => Fault.Hangs;

        var (location, taken) = Submit(action, "a/key");

        Assert.That((location, taken), Is.EqualTo(("../a%2Fkey?replay=NothingDone", Limit)));
    }

    [TestCase("give-up", "../{id}?replay=Unsure")]
    [TestCase("erase", "../{id}?replay=Unsure")]
    [TestCase("replay", "../../status?replay=Unsure")]
    [TestCase("pause", "../../status?replay=Unsure")]
    [TestCase("resume", "../../status?replay=Unsure")]
    [TestCase("acknowledge", "../../events?replay=Unsure")]
    public void A_browser_whose_form_is_not_answered_is_told_on_the_page_that_shows_what_came_of_it(string action, string expected)
    {
        App.Insert("open");
        Die("dead");
        var id = EventId.Of(SimulatedApp.Type, action == "give-up" ? "open" : "dead").Value;
        App.Faults = call => call.Operation == StorageOperation.Transaction ? Fault.Hangs : Fault.None;

        var (location, taken) = Submit(action, id);

        Assert.That((location, taken), Is.EqualTo((expected.Replace("{id}", id, StringComparison.Ordinal), Limit)));
        Assert.That(App.LogOf(79), Has.Count.EqualTo(1));
    }

    [Test]
    public void Of_many_it_says_how_many_are_not_known_and_leaves_the_rest()
    {
        for (var i = 0; i < 20; i++)
            Die($"key-{i}");
        var written = 0;
        App.Faults = call => call.Operation == StorageOperation.Transaction && written++ >= 10 ? Fault.Hangs : Fault.None;

        var (answer, taken) = App.Timed(() => App.Get<EventChanges>().ReplayDeadAsync(Request("?state=dead"), CancellationToken.None));

        var report = ((JsonHttpResult<ReplayReport>)answer).Value!;
        Assert.That((report.Replayed, report.Unknown, report.Skipped, report.More, taken), Is.EqualTo((10, 6, 0, true, Limit)));
        App.Faults = _ => Fault.None;
        Account.Advance(TimeSpan.FromMinutes(1));
        Assert.That(Dead(), Is.EqualTo(4), "those of which it was not known were replayed in the end, and the rest was left");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Of_many_whoever_goes_on_begins_again_where_storage_stopped_answering(bool isStopped)
    {
        for (var i = 0; i < 40; i++)
            Die($"key-{i}");
        if (isStopped)
            App.Faults = call => call.Operation == StorageOperation.Transaction ? Fault.Hangs : Fault.None;

        var answer = App.Run(() => App.Get<EventChanges>().ReplayDeadAsync(Request("?state=dead&take=20"), CancellationToken.None));

        var report = ((JsonHttpResult<ReplayReport>)answer).Value!;
        Assert.That((report.Continuation is null, report.More), Is.EqualTo((isStopped, true)));
    }

    [Test]
    public void Of_many_none_is_touched_that_cannot_be_listed()
    {
        Die("key");
        App.Faults = _ => Fault.Hangs;

        var (answer, taken) = App.Timed(() => App.Get<EventChanges>().ReplayDeadAsync(Request("?state=dead&all=true"), CancellationToken.None));

        Assert.That((Title(answer), taken), Is.EqualTo(("Nothing was done.", Limit)));
    }

    private (IResult Answer, TimeSpan Taken) Press(string key) =>
        App.Timed(() => App.Get<EventChanges>().ReplayAsync(Request(), EventId.Of(SimulatedApp.Type, key).Value, CancellationToken.None));

    // As a form of the pages does, which is sent on to where the answer is.
    private (string Location, TimeSpan Taken) Submit(string action, string id)
    {
        var request = Request();
        (request.Method, request.Path, request.Headers.Accept) = (HttpMethods.Post, $"/api/events/{id}/{action}", "text/html");
        var (answer, taken) = App.Timed(() => SubmitAsync(request, action, id));
        Assert.That(((StatusCodeHttpResult)answer).StatusCode, Is.EqualTo(StatusCodes.Status303SeeOther));
        return (request.HttpContext.Response.Headers.Location.ToString(), taken);
    }

    private Task<IResult> SubmitAsync(HttpRequest request, string action, string id) => action switch
    {
        "replay" => App.Get<EventChanges>().ReplayAsync(request, id, CancellationToken.None),
        "give-up" => App.Get<EventChanges>().GiveUpAsync(request, id, CancellationToken.None),
        "erase" => App.Get<EventChanges>().EraseByFormAsync(request, id, CancellationToken.None),
        "pause" => App.Get<HandlerRoutes>().PauseAsync(request, nameof(LogEventHandler), CancellationToken.None),
        "resume" => App.Get<HandlerRoutes>().ResumeAsync(request, nameof(LogEventHandler), CancellationToken.None),
        _ => App.Get<CauseRoutes>().AcknowledgeAsync(request, ErrorCause.IdOf("error")),
    };

    private static HttpRequest Request(string query = "")
    {
        var request = new DefaultHttpContext().Request;
        (request.Path, request.QueryString) = ("/api/events/key/replay", new QueryString(query));
        return request;
    }

    private static string? Title(IResult answer) => ((ProblemHttpResult)answer).ProblemDetails.Title;

    private int Dead() =>
        App.Run(() => App.Get<LedgerListing>().TallyAsync(new EventFilter(EventState.Dead), 100, CancellationToken.None))!.Count;

    private void Die(string key)
    {
        var lease = App.Claimed(key);
        App.Run(() => lease.DieAsync("error"));
    }
}
