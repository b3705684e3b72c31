using PointWebhooks.Ledger;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>Which events a listing shows, and which rows of the index it reads for that.</summary>
internal sealed class EventFilterTests
{
    private const string Error = "Jira: answered 401 (Unauthorized).";

    private static readonly DateTimeOffset Finished = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private static readonly LedgerEvent Event = EventLedger.New(SimulatedApp.Type, "key", Finished.AddHours(-1), Finished.AddHours(-1)) with
    {
        State = EventState.Dead,
        FinishedAt = Finished,
        WorkspaceName = " Project Phoenix",
        LastError = Error,
    };

    private static readonly EventSummary Dead = EventSummary.Of(Event);

    private static IEnumerable<TestCaseData> Showing =>
    [
        Shown(new EventFilter(), true, "nothing asked for"),
        Shown(new EventFilter(State: EventState.Dead), true, "its state"),
        Shown(new EventFilter(State: EventState.Completed), false, "another state"),
        Shown(new EventFilter(Type: SimulatedApp.Type), true, "its type"),
        Shown(new EventFilter(Type: SimulatedApp.Type.ToLowerInvariant()), false, "its type in another case"),
        Shown(new EventFilter(Name: "project ph"), true, "the beginning of its name in another case"),
        Shown(new EventFilter(Name: "  PROJECT "), true, "the beginning of its name between blanks"),
        Shown(new EventFilter(Name: "Phoenix"), false, "the end of its name"),
        Shown(new EventFilter(Error: "UNAUTHORIZED"), true, "a part of its error in another case"),
        Shown(new EventFilter(Error: "403"), false, "another error"),
        Shown(new EventFilter(Cause: ErrorCause.IdOf(Error)), true, "the cause of its error"),
        Shown(new EventFilter(Cause: ErrorCause.IdOf("403")), false, "another cause"),
        Shown(new EventFilter(Since: Finished), true, "since it finished"),
        Shown(new EventFilter(Since: Finished + Instant), false, "since an instant later"),
        Shown(new EventFilter(Until: Finished), false, "until it finished"),
        Shown(new EventFilter(Until: Finished + Instant), true, "until an instant later"),
    ];

    private static IEnumerable<TestCaseData> Indexing =>
    [
        Indexed(new EventFilter(), true, "all"),
        Indexed(new EventFilter(State: EventState.Retrying, Type: "X", Since: Finished, Until: Finished), true, "state, type and time"),
        Indexed(new EventFilter(State: EventState.Processing), false, "what is processed, which moves no row"),
        Indexed(new EventFilter(Key: "key"), false, "a key"),
        Indexed(new EventFilter(Error: "401"), false, "a part of an error"),
        Indexed(new EventFilter(Cause: "0123456789ab"), false, "a cause"),
        Indexed(new EventFilter(Name: "P"), true, "a name"),
        Indexed(new EventFilter(Name: "P", State: EventState.Dead), false, "a name and a state"),
        Indexed(new EventFilter(Name: "P", Type: "X"), false, "a name and a type"),
        Indexed(new EventFilter(Name: "P", Since: Finished), false, "a name and a beginning"),
        Indexed(new EventFilter(Name: "P", Until: Finished), false, "a name and an end"),
    ];

    [TestCaseSource(nameof(Showing))]
    public void A_dead_event_is_shown(EventFilter filter, bool isShown) => Assert.That(filter.Matches(Dead), Is.EqualTo(isShown));

    [Test]
    public void What_an_event_does_not_have_is_not_found()
    {
        var open = EventSummary.Of(Event with { State = EventState.Received, FinishedAt = null, WorkspaceName = null, LastError = null });

        Assert.That(
            new EventFilter[] { new(Name: "P"), new(Error: "4"), new(Cause: "0123456789ab"), new(Since: Finished), new(Until: Finished) }
                .Select(filter => filter.Matches(open)),
            Is.All.False);
    }

    [TestCaseSource(nameof(Indexing))]
    public void The_index_alone_tells(EventFilter filter, bool isIndexed) => Assert.That(filter.IsIndexed, Is.EqualTo(isIndexed));

    [TestCase(0, 0, false)]
    [TestCase(0, 1, true)]
    [TestCase(-1, 1, true)]
    [TestCase(1, 2, false)]
    [TestCase(-2, -1, false)]
    public void The_rows_of_a_time_are_those_that_finished_in_it(int since, int until, bool isIn)
    {
        foreach (var type in new[] { null, SimulatedApp.Type })
        {
            var range = new EventFilter(EventState.Dead, type, Since: Finished + (since * Instant), Until: Finished + (until * Instant)).Ranges.Single();

            var isRead = EventIndex.KeysOf(Event).Any(key =>
                string.CompareOrdinal(key, range.From) >= 0 && string.CompareOrdinal(key, range.Until) < 0);

            Assert.That(isRead, Is.EqualTo(isIn), type);
        }
    }

    [Test]
    public void Open_events_are_listed_before_dead_ones_and_those_before_completed_ones()
    {
        Assert.That(new EventFilter().Ranges.Select(range => range.Prefix), Is.EqualTo(["open|", "dead|", "done|"]));
        Assert.That(new EventFilter(EventState.Processing).Ranges.Select(range => range.Prefix), Is.EqualTo(["open|"]));
        Assert.That(new EventFilter(Name: "P").Ranges.Select(range => range.Prefix), Is.EqualTo(["open|", "name.50"]), "and of a name, whatever they ended as");
        Assert.That(new EventFilter(EventState.Dead, Name: "P").Ranges, Is.EqualTo([new IndexRange("name.50", "name.50", "name.51")]));
        Assert.That(new EventFilter(Since: Finished).Ranges.Select(range => range.Prefix), Is.EqualTo(["dead|", "done|"]), "no open one has finished");
        Assert.That(new EventFilter(Until: Finished).Ranges.Select(range => range.Prefix), Is.EqualTo(["dead|", "done|"]));
    }

    [Test]
    public void Open_events_are_told_apart_by_the_columns_of_their_rows()
    {
        var ofType = $"Type eq '{EventId.HashOfType(SimulatedApp.Type)}'";
        Assert.That(Condition(new EventFilter()), Is.Null);
        Assert.That(Condition(new EventFilter(EventState.Received)), Is.EqualTo("State eq 'Received'"));
        Assert.That(Condition(new EventFilter(EventState.Retrying)), Is.EqualTo("State eq 'Retrying'"));
        Assert.That(Condition(new EventFilter(EventState.Processing)), Is.Null, "a claim moves no row");
        Assert.That(Condition(new EventFilter(Type: SimulatedApp.Type)), Is.EqualTo(ofType));
        Assert.That(Condition(new EventFilter(Name: "P")), Is.EqualTo("Name ge 'name.50' and Name lt 'name.51'"));
        Assert.That(Condition(new EventFilter(Name: " ")), Is.EqualTo("Name ge 'name.' and Name lt 'name/'"), "those that have one");
        Assert.That(
            Condition(new EventFilter(EventState.Received, SimulatedApp.Type, Name: "P")),
            Is.EqualTo($"State eq 'Received' and {ofType} and Name ge 'name.50' and Name lt 'name.51'"));
        Assert.That(new EventFilter(EventState.Dead, SimulatedApp.Type).Ranges.Single().Condition, Is.Null);

        static string? Condition(EventFilter filter) => filter.Ranges[0].Condition;
    }

    private static TestCaseData Shown(EventFilter filter, bool isShown, string asked) =>
        new TestCaseData(filter, isShown).SetName($"A dead event is{(isShown ? "" : " not")} shown where asked for is: {asked}");

    private static TestCaseData Indexed(EventFilter filter, bool isIndexed, string asked) =>
        new TestCaseData(filter, isIndexed).SetName($"The index alone {(isIndexed ? "tells" : "does not tell")} of: {asked}");
}
