using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;
using PointWebhooks.Receiving;

namespace PointWebhooks.Tests.Operations;

/// <summary>What operators' requests name, and what pages say of them afterwards.</summary>
internal sealed class RequestReadingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase("/api/events/a%2Fb", "a/b")]
    [TestCase("/api/events/a%252Fb", "a%2Fb")]
    [TestCase("/api/events/a%2Fb/replay?handler=x", "a/b")]
    [TestCase("/api/Events/a?b=/events/c", "a")]
    [TestCase("/api/events/", "routed")]
    [TestCase("/api/events", "routed")]
    [TestCase("/api/status", "routed")]
    [TestCase("", "routed")]
    public void An_event_is_named_by_the_path_as_it_was_sent(string target, string id)
    {
        var context = new DefaultHttpContext();
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = target;

        Assert.That(EventPath.IdOf(context.Request, "routed"), Is.EqualTo(id));
    }

    [Test]
    public void A_replay_says_what_of_which_handler_and_as_seen_when()
    {
        Assert.That(Replayed(""), Is.EqualTo(new Replay(By: "Ada")));
        Assert.That(Replayed("completed=TRUE&handler=Jira"), Is.EqualTo(new Replay(true, "Jira", By: "Ada")));
        Assert.That(Replayed("completed=1&handler=&seen="), Is.EqualTo(new Replay(By: "Ada")));
        Assert.That(Replayed("seen=2026-05-01T12:00:00Z"), Is.EqualTo(new Replay(Seen: Noon, By: "Ada")));
        Assert.That(Replayed("seen=2026-05-01T14:00:00%2B02:00")!.Seen, Is.EqualTo(Noon));
        Assert.That(Replayed("seen=2026-05-01T12:00:00")!.Seen, Is.EqualTo(Noon), "without an offset it is UTC");
        Assert.That(ReplayQuery.TryParse(Query("seen=noon"), "Ada", out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo("seen is not the time at which the event finished, as it was shown."));
    }

    [TestCase("state=Dead&since=2026-05-01T12:00", 0, null)]
    [TestCase("state=Completed&until=2026-05-01T14:00%2B02:00", null, 0)]
    [TestCase("state=dead&since=2026-05-01T12:00Z&until=2026-05-01T13:00Z", 0, 60)]
    public void Finished_events_are_asked_for_by_time(string query, int? since, int? until)
    {
        Assert.That(EventQuery.TryParse(Query(query), out var parsed, out _), Is.True);
        Assert.That((parsed.Filter.Since, parsed.Filter.Until), Is.EqualTo((At(since), At(until))));

        static DateTimeOffset? At(int? minutes) => minutes is { } count ? Noon.AddMinutes(count) : null;
    }

    [TestCase("since=2026-05-01T12:00", "since and until say when an event was finished: add state=Dead or state=Completed.")]
    [TestCase("state=Received&until=2026-05-01T12:00", "since and until say when an event was finished: add state=Dead or state=Completed.")]
    [TestCase("state=Dead&since=noon", "since is not a time such as 2026-05-01T12:00, in UTC unless it names an offset.")]
    [TestCase("state=Dead&until=noon", "until is not a time such as 2026-05-01T12:00, in UTC unless it names an offset.")]
    [TestCase("cause=0123", "cause is not one that a listing returned.")]
    public void What_cannot_be_asked_for_is_said(string query, string said)
    {
        Assert.That(EventQuery.TryParse(Query(query), out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo(said));
    }

    [TestCase("")]
    [TestCase("state=Dead&type=ProvisioningFailed&key=a%2Fb&name=Phoenix&error=401&cause=0123456789ab&since=2026-05-01T12%3A00%3A00.000Z&until=2026-05-01T13%3A00%3A00.000Z")]
    public void A_filter_leads_to_itself(string text)
    {
        Assert.That(EventQuery.TryParse(Query(text), out var parsed, out _), Is.True);
        Assert.That(parsed.ToText(), Is.EqualTo(text));
        Assert.That(parsed.ToText("open|1"), Is.EqualTo($"{text}{(text.Length > 0 ? "&" : "")}take=200&continuation=open%7C1"));
    }

    [Test]
    public void Every_outcome_of_a_change_is_told_in_a_sentence_and_what_was_not_done_is_said_so()
    {
        // Of a handler of no such name a page says the same whatever was asked.
        foreach (var outcome in Enum.GetNames<ChangeOutcome>().Append("Unknown").Append("Acknowledged").Append("Withdrawn")
            .Append("Paused").Append("Resumed").Append("NothingDone").Append("SelfCheckRight").Append("SelfCheckWrong"))
        {
            Assert.That(Notices.Of(Query($"replay={outcome}")), Does.Match(@"^[A-Z].*\.$"), outcome);
        }

        foreach (var outcome in new[] { "Open", "Completed", "Finished", "Changed", "Gone", "NothingDone", "NoSuchHandler" })
            Assert.That(Notices.Of(Query($"replay={outcome}")).ToUpperInvariant(), Does.Contain("NOTHING WAS DONE"), outcome);
        Assert.That(Notices.Of(Query("replay=<script>")), Is.Empty);
    }

    [TestCase(nameof(ChangeOutcome.Replayed), "processed again")]
    [TestCase(nameof(ChangeOutcome.Erased), "erased")]
    [TestCase(nameof(ChangeOutcome.GivenUp), "given up")]
    [TestCase(nameof(ChangeOutcome.Open), "is open")]
    [TestCase(nameof(ChangeOutcome.Completed), "completed")]
    [TestCase(nameof(ChangeOutcome.Finished), "finished already")]
    [TestCase(nameof(ChangeOutcome.Changed), "has changed")]
    [TestCase(nameof(ChangeOutcome.Gone), "gone or cannot be read")]
    [TestCase(nameof(ChangeOutcome.Unsure), "not known")]
    [TestCase("Acknowledged", "is marked as known")]
    [TestCase("Withdrawn", "not marked as known any more")]
    [TestCase("Paused", "is paused")]
    [TestCase("Resumed", "is resumed")]
    [TestCase("NoSuchHandler", "no such handler")]
    [TestCase("SelfCheckRight", "answers at its registered url")]
    [TestCase("SelfCheckWrong", "does not lead to this app")]
    public void Each_outcome_is_told_in_words_of_its_own(string outcome, string words) =>
        Assert.That(Notices.Of(Query($"replay={outcome}")), Does.Contain(words));

    [TestCase("replayed=0", "No dead event was left to replay.")]
    [TestCase("replayed=1", "1 event is processed again.")]
    [TestCase("replayed=2", "2 events are processed again.")]
    [TestCase("replayed=-1", "No dead event was left to replay.")]
    [TestCase("replayed=2&more=true", "2 events are processed again. The rest follow within minutes: load the page again to see how far it is.")]
    [TestCase("replayed=2&more=true&unknown=1", "2 events are processed again. Storage stopped answering: of 1 it is not known, and the rest was left.")]
    [TestCase("replayed=2&more=yes&unknown=0", "2 events are processed again.")]
    public void A_replay_of_all_that_is_dead_is_told_with_its_number(string query, string said) =>
        Assert.That(Notices.Of(Query($"replay=Dead&{query}")), Is.EqualTo(said));

    [Test]
    public void Refusals_that_an_operator_can_do_something_about_have_advice_of_their_own()
    {
        Refusal[] told =
        [
            Refusal.SignatureMismatch, Refusal.KeyUnavailable, Refusal.StorageUnavailable, Refusal.Overloaded, Refusal.BodyIncomplete, Refusal.BodyTooLarge,
        ];
        Refusal[] others = [Refusal.SignatureMissing, Refusal.SignatureRepeated, Refusal.SignatureMalformed, Refusal.AlgorithmUnsupported];

        Assert.That(told.Append(others[0]).Select(RefusalAdvice.Of), Is.Unique.And.All.Match(@"^[A-Z].*\.$"));
        Assert.That(others.Select(RefusalAdvice.Of).Distinct().Count(), Is.EqualTo(1));
        Assert.That(told.Zip(["Point:SignatureKey", "quarantine is full", "firewall", "flood", "cuts requests off", "much smaller"]), Is.All.Matches<(Refusal, string)>(
            one => RefusalAdvice.Of(one.Item1).Contains(one.Item2, StringComparison.Ordinal)));
    }

    private static Replay? Replayed(string query) => ReplayQuery.TryParse(Query(query), "Ada", out var replay, out _) ? replay : null;

    private static QueryCollection Query(string query) => new(QueryHelpers.ParseQuery(query));
}
