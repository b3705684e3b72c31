using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>An event's history, in words.</summary>
internal sealed class EventTimelineTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase(EventState.Received, null, "Received, kept and queued", null, false)]
    [TestCase(EventState.Received, "waits for Jira", "Waits for Jira, which is paused", null, false)]
    [TestCase(EventState.Retrying, "waits for Jira, Teams", "Waits for Jira, Teams, which are paused", null, false)]
    [TestCase(EventState.Received, "released", "Given back at a shutdown", null, false)]
    [TestCase(EventState.Retrying, "released", "Given back at a shutdown", null, false)]
    [TestCase(EventState.Received, "replayed", "Replayed", null, false)]
    [TestCase(EventState.Received, "replayed for Jira only", "Replayed for Jira only", null, false)]
    [TestCase(EventState.Processing, null, "Attempt 1 began", null, false)]
    [TestCase(EventState.Processing, "Jira", "Jira finished", null, false)]
    [TestCase(EventState.Processing, "Jira: created A-1: done", "Jira finished", "created A-1: done", false)]
    [TestCase(EventState.Processing, "Jira gave up: no such project: A", "Jira gave up", "no such project: A", true)]
    [TestCase(EventState.Retrying, "Jira: 503", "Attempt 0 failed", "Jira: 503", true)]
    [TestCase(EventState.Retrying, "overdue, and sent to its queue again", "Overdue, and sent to its queue again", null, false)]
    [TestCase(EventState.Retrying, "sent again with another body, SHA-256 0", "Sent again with another body, SHA-256 0", null, false)]
    [TestCase(EventState.Dead, "Jira: 503", "Attempt 0 failed: dead", "Jira: 503", true)]
    [TestCase(EventState.Dead, "given up on request", "Given up on request", null, false)]
    [TestCase(EventState.Dead, "sent again with another body, SHA-256 0", "Sent again with another body, SHA-256 0", null, false)]
    [TestCase(EventState.Completed, null, "Completed", null, false)]
    [TestCase(EventState.Completed, "sent again with another body, SHA-256 0", "Sent again with another body, SHA-256 0", null, false)]
    public void Each_step_is_told(object state, string? detail, string title, string? more, bool isFailure)
    {
        var step = EventTimeline.Of(With(new HistoryEntry(Start, (EventState)state, detail, "https://l.example/", "who", 7))).Single();

        Assert.That((step.At, step.Title, step.Detail, step.IsFailure), Is.EqualTo((Start, title, more, isFailure)));
        Assert.That((step.Link, step.By), Is.EqualTo(("https://l.example/", "who")));
    }

    [Test]
    public void Attempts_are_counted_from_the_last_replay_and_without_those_that_only_waited()
    {
        var told = EventTimeline.Of(With(
            Entry(0, EventState.Received), Entry(1, EventState.Processing), Entry(2, EventState.Retrying, "error"),
            Entry(3, EventState.Processing), Entry(4, EventState.Retrying, "waits for Jira"), Entry(5, EventState.Processing),
            Entry(9, EventState.Dead, "error"), Entry(10, EventState.Received, "replayed"), Entry(11, EventState.Processing)));

        Assert.That(told.Select(step => step.Title), Is.EqualTo(new[]
        {
            "Received, kept and queued", "Attempt 1 began", "Attempt 1 failed", "Attempt 2 began", "Waits for Jira, which is paused",
            "Attempt 2 began", "Attempt 2 failed: dead", "Replayed", "Attempt 1 began",
        }));
        Assert.That(told.Select(step => step.Took), Is.EqualTo(new long?[] { null, null, 1000, null, null, null, 4000, null, null }));
    }

    [Test]
    public void Of_a_history_that_has_lost_its_middle_nobody_knows_which_attempt_it_is()
    {
        var full = Enumerable.Range(0, LedgerEvent.MaxHistory).Select(i => Entry(i, i % 2 == 0 ? EventState.Processing : EventState.Retrying, i % 2 == 0 ? null : "error"));

        Assert.That(EventTimeline.Of(With([.. full])).Select(step => step.Title).Distinct(), Is.EqualTo(["An attempt began", "An attempt failed"]));
    }

    [Test]
    public void Every_handler_of_today_and_of_its_history_has_its_standing_and_what_it_said_last()
    {
        var told = With(
            Entry(1, EventState.Processing, "Log"),
            Entry(2, EventState.Processing, "Jira: created A-1"),
            Entry(3, EventState.Processing, "Jira: updated A-1"),
            Entry(4, EventState.Processing, "Gone gave up: no such project"),
            Entry(5, EventState.Processing, "Teams 2: posted"));
        var found = told with { Done = ["Log", "Jira"], GivenUp = ["Gone"], WaitsFor = ["Http"] };

        var standings = EventTimeline.Standings(found, ["Log", "Jira", "Teams", "Http"]);

        Assert.That(standings.Select(one => (one.Name, one.State, one.Last?.Detail)), Is.EqualTo(new[]
        {
            ("Log", "finished", null), ("Jira", "finished", "updated A-1"), ("Teams", "not finished", null), ("Http", "paused", null),
            ("Gone", "gave up", "no such project"),
        }));
        Assert.That(standings[0].Last!.Title, Is.EqualTo("Log finished"));
    }

    private static HistoryEntry Entry(int second, EventState state, string? detail = null) => new(Start.AddSeconds(second), state, detail);

    private static LedgerEvent With(params HistoryEntry[] history) =>
        EventLedger.New(SimulatedApp.Type, "key", Start, Start) with { History = [.. history] };
}
