using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PointWebhooks.Functions;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>Whoever presses a button of the list of events is sent back to the list, which is told what came of it.</summary>
internal sealed class ListFormTests : SimulatedAppTests
{
    private const int Most = EventQuery.MaxTake;
    private const string Error = "jira: 401";

    [TestCase(0, "replayed=0&more=false")]
    [TestCase(1, "replayed=1&more=false")]
    [TestCase(Most + 25, "replayed=200&more=true")]
    public void Of_all_that_are_dead_it_is_told_how_many_are_replayed_and_whether_the_rest_follows(int dead, string told)
    {
        Die(dead);

        Assert.That(ReplayAll(), Is.EqualTo($"../events?state=Dead&replay=Dead&{told}"));
    }

    [Test]
    public void Of_all_that_are_dead_it_is_told_of_how_many_it_is_not_known()
    {
        Die(20);
        var written = 0;
        App.Faults = call => call.Operation == StorageOperation.Transaction && written++ >= 10 ? Fault.Hangs : Fault.None;

        Assert.That(ReplayAll(), Is.EqualTo("../events?state=Dead&replay=Dead&replayed=10&more=true&unknown=6"));
    }

    [Test]
    public void Where_the_dead_cannot_be_listed_it_is_told_that_nothing_was_done()
    {
        Die(1);
        App.Faults = _ => Fault.Hangs;

        Assert.That(ReplayAll(), Is.EqualTo("../events?state=Dead&replay=NothingDone"));
    }

    [Test]
    public void Where_it_is_not_known_whether_the_rest_is_left_to_the_timer_it_is_told_so()
    {
        Die(Most + 25);
        var written = 0;
        App.Faults = call => call.Operation == StorageOperation.Transaction && ++written > Most ? Fault.Hangs : Fault.None;

        Assert.That(ReplayAll(), Is.EqualTo("../events?state=Dead&replay=Unsure"));
    }

    [Test]
    public void Of_a_cause_it_is_told_that_it_is_known_and_that_it_is_not_any_more()
    {
        Assert.That((Acknowledge(""), Known()), Is.EqualTo(("../../events?replay=Acknowledged", 1)));
        Assert.That((Acknowledge("?known=False"), Known()), Is.EqualTo(("../../events?replay=Withdrawn", 0)));
    }

    private string ReplayAll() =>
        Submit("?state=dead", request => App.Get<EventChanges>().ReplayDeadAsync(request, CancellationToken.None));

    private string Acknowledge(string query) =>
        Submit(query, request => App.Get<CauseRoutes>().AcknowledgeAsync(request, ErrorCause.IdOf(Error)));

    // Where a browser is sent that submits the form.
    private string Submit(string query, Func<HttpRequest, Task<IResult>> route)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.QueryString, request.Headers.Accept) = (HttpMethods.Post, new QueryString(query), "text/html");
        var answer = App.Run(() => route(request));
        Assert.That(((StatusCodeHttpResult)answer).StatusCode, Is.EqualTo(StatusCodes.Status303SeeOther));
        return request.HttpContext.Response.Headers.Location.ToString();
    }

    private int Known() => App.Run(() => App.Get<KnownCauses>().ListAsync(CancellationToken.None)).Count;

    // Before now: what dies at the moment at which the form is read is left out.
    private void Die(int count)
    {
        Account.KeepDead(Enumerable.Range(0, count).Select(i => $"key-{i}"), Error);
        Account.Advance(TimeSpan.FromSeconds(1));
    }
}
