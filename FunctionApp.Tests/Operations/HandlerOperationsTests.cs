using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PointWebhooks.Functions;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Pausing;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>What operators press for a handler, and what they see of it.</summary>
internal sealed class HandlerOperationsTests : PausingTests
{
    [Test]
    public void It_is_paused_since_and_by_whom_and_a_second_press_changes_nothing()
    {
        var at = Account.Now;
        var first = Pause(First, "ada");
        Account.Advance(TimeSpan.FromHours(1));
        var second = Pause(First, "grace");

        Assert.That(first, Is.EqualTo(new HandlerState(First, true, at, "ada", true)));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(App.LogOf(75), Is.EqualTo([(LogLevel.Warning, "Handler first was paused by ada: its events wait until it is resumed.")]));
        Assert.That(Resume(First, "grace"), Is.EqualTo(new HandlerState(First, false, null, null, true)));
        Assert.That(Resume(First), Is.EqualTo(new HandlerState(First, false, null, null, true)));
        Assert.That(App.LogOf(76), Is.EqualTo([(LogLevel.Warning, "Handler first was resumed by grace.")]));
    }

    [Test]
    public void The_log_has_who_was_signed_in_and_pressed()
    {
        using var app = new SimulatedApp(Account, settings: [("WEBSITE_AUTH_ENABLED", "true")], configure: With);
        var routes = app.Get<HandlerRoutes>();

        app.Run(() => routes.PauseAsync(By("ada"), First, CancellationToken.None));
        app.Run(() => routes.ResumeAsync(By("grace"), First, CancellationToken.None));

        Assert.That(app.LogOf(75).Single().Text, Does.StartWith("Handler first was paused by ada: "));
        Assert.That(app.LogOf(76).Single().Text, Is.EqualTo("Handler first was resumed by grace."));
    }

    [Test]
    public void One_that_nobody_knows_is_neither_paused_nor_resumed()
    {
        Assert.That((Pause("nobody"), Resume("nobody"), Pause("FIRST")), Is.EqualTo(((HandlerState?)null, (HandlerState?)null, (HandlerState?)null)));
        Assert.That(List().Select(one => one.IsPaused), Is.All.False);
    }

    [Test]
    public void One_that_is_not_in_the_settings_any_more_is_shown_and_can_be_resumed_and_its_events_go_on_without_it()
    {
        Pause(First);
        Process("key");
        using var later = new SimulatedApp(Account, configure: services => services.AddEventHandler<RecordingHandler>(Second));
        var shown = later.Run(() => later.Get<StatusReader>().ReadAsync(CancellationToken.None)).Handlers!.Single(one => one.Handler == First);
        Assert.That((shown.IsPaused, shown.IsConfigured, shown.Waiting), Is.EqualTo((true, false, (int?)1)));

        later.Run(() => later.Get<HandlerOperations>().ResumeAsync(First, null, CancellationToken.None));
        later.Run(() => later.Get<PointWebhooks.Processing.EventRelay>().SweepAsync(CancellationToken.None));
        later.Deliver();

        Assert.That((later.Find("key")!.State, later.Records.Of("key")), Is.EqualTo((EventState.Completed, 0)));
        Assert.That(later.Run(() => later.Get<HandlerOperations>().ListAsync(CancellationToken.None)).Select(one => one.Handler), Is.EqualTo([Log, Second]));
    }

    [Test]
    public void The_status_counts_what_waits_for_each()
    {
        Pause(First);
        Process("one");
        Pause(Second);
        Process("two");
        App.Insert("three");

        var status = App.Run(() => App.Get<StatusReader>().ReadAsync(CancellationToken.None));

        Assert.That((status.Events!.Open, status.Events.Waiting), Is.EqualTo((3L, 2)));
        Assert.That(status.Handlers!.Select(one => (one.Handler, one.IsPaused, one.Waiting)), Is.EqualTo([(Log, false, 0), (First, true, 2), (Second, true, (int?)1)]));
    }

    private static HttpRequest By(string name)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["X-MS-CLIENT-PRINCIPAL-NAME"] = name;
        return request;
    }

    private IReadOnlyList<HandlerState> List() => App.Run(() => App.Get<HandlerOperations>().ListAsync(CancellationToken.None));
}
