using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>What a listing may be asked for.</summary>
internal sealed class EventQueryTests
{
    private static readonly string Position = EventIndex.KeysOf(
        EventLedger.New(SimulatedApp.Type, "key", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch))[0];

    [Test]
    public void Nothing_asked_for_is_the_first_fifty_of_all() =>
        Assert.That(Parsed(""), Is.EqualTo(new EventQuery(new EventFilter(), 50, null)));

    [TestCase("state=received", EventState.Received)]
    [TestCase("state=PROCESSING", EventState.Processing)]
    [TestCase("state=Retrying", EventState.Retrying)]
    [TestCase("state=completed", EventState.Completed)]
    [TestCase("state=dead", EventState.Dead)]
    public void A_state_is_named_in_any_case(string query, EventState state) => Assert.That(Parsed(query)!.Filter.State, Is.EqualTo(state));

    [TestCase("type=provisioningfailed", "ProvisioningFailed")]
    [TestCase("type=WorkspaceArchived", "WorkspaceArchived")]
    [TestCase("type=", null)]
    public void A_documented_type_is_named_in_any_case_and_another_exactly(string query, string? type) =>
        Assert.That(Parsed(query)!.Filter.Type, Is.EqualTo(type));

    [TestCase("key=a%2Fb&name=Phoenix%20", "a/b", "Phoenix ")]
    [TestCase("key=&name=", null, null)]
    public void A_key_and_a_name_are_taken_as_they_are(string query, string? key, string? name) =>
        Assert.That(Parsed(query)!.Filter, Is.EqualTo(new EventFilter(Key: key, Name: name)));

    [TestCase("take=1", 1)]
    [TestCase("take=200", 200)]
    [TestCase("take=", 50)]
    public void As_many_are_shown_as_asked_for(string query, int take) => Assert.That(Parsed(query)!.Take, Is.EqualTo(take));

    [TestCase("take=0")]
    [TestCase("take=201")]
    [TestCase("take=-1")]
    [TestCase("take=1.5")]
    [TestCase("take=%201")]
    [TestCase("take=many")]
    public void Another_number_is_refused_with_what_may_be_asked_for(string query) =>
        Assert.That(Error(query), Is.EqualTo("take is not a number from 1 to 200."));

    [TestCase("state=zombie")]
    [TestCase("state=Forgotten")]
    [TestCase("state=Unreadable")]
    [TestCase("state=0")]
    public void Another_state_is_refused_with_those_that_there_are(string query) =>
        Assert.That(Error(query), Is.EqualTo("state is not one of Received, Processing, Retrying, Completed, Dead."));

    [Test]
    public void A_position_that_a_listing_returned_is_taken_and_no_other()
    {
        Assert.That(Parsed($"continuation={Uri.EscapeDataString(Position)}")!.Continuation, Is.EqualTo(Position));
        Assert.That(Error($"state=dead&continuation={Uri.EscapeDataString(Position)}"), Is.EqualTo("continuation is not one that a listing with this filter returned."));
        Assert.That(Error("continuation=open|1"), Is.EqualTo("continuation is not one that a listing with this filter returned."));
        Assert.That(Error($"continuation={Uri.EscapeDataString(Position)}x"), Is.EqualTo("continuation is not one that a listing with this filter returned."));
    }

    private static EventQuery? Parsed(string query) => EventQuery.TryParse(Query(query), out var parsed, out _) ? parsed : null;

    private static string? Error(string query) => EventQuery.TryParse(Query(query), out _, out var error) ? null : error;

    private static QueryCollection Query(string query) => new(QueryHelpers.ParseQuery(query));
}
