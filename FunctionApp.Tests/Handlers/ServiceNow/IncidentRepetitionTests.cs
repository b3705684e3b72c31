using PointWebhooks.Handlers;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Tests.Handlers.Support;

namespace PointWebhooks.Tests.Handlers.ServiceNow;

/// <summary>What was done and whose answer was lost is not done once more, as far as the account can see it; over HTTP.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class IncidentRepetitionTests
{
    private const string Site = "https://contoso.sharepoint.com/sites/phoenix";

    private static readonly DateTimeOffset Before = DateTimeOffset.UtcNow;

    [Test]
    public async Task An_opening_whose_answer_was_lost_is_found_also_when_the_incident_is_closed_by_then()
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        var failed = await LoseAnswerToOpeningAsync(test);

        var again = await test.Handler.RunAsync(failed, Before);
        test.ServiceNow.Incidents.Single()["state"] = "7";
        var closed = await test.Handler.RunAsync(failed, Before);
        var unaware = await test.Handler.RunAsync(failed);

        Assert.That(new[] { again, closed, unaware }, Is.All.EqualTo($"Had opened {test.ServiceNow.Incidents.Single()["number"]}"));
    }

    [Test]
    public async Task A_resolution_whose_answer_was_lost_is_made_once()
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        var completed = await LoseAnswerAsync(test);

        await test.Handler.RunAsync(completed, Before);

        Assert.That((test.Calls.Count("update"), test.ServiceNow.Journal.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_resolution_whose_answer_was_lost_opens_no_incident_where_its_type_may_open_one()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(
            new() { ["Create:EventTypes"] = "ProvisioningFailed,ProvisioningCompleted" });
        var completed = await LoseAnswerAsync(test);

        var again = await test.Handler.ReportAsync(completed, Before);

        var incident = test.ServiceNow.Incidents.Single();
        Assert.That((incident["state"], test.ServiceNow.Journal.Count), Is.EqualTo(("6", 1)));
        Assert.That(
            (again?.Text, again?.Link?.PathAndQuery),
            Is.EqualTo(($"Had updated {incident["number"]}", $"/incident.do?sys_id={incident["sys_id"]}")));
    }

    [Test]
    public async Task A_resolution_whose_answer_was_lost_does_not_resolve_the_incident_of_a_later_failure()
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        var completed = await LoseAnswerAsync(test);
        await test.Handler.RunAsync(SentEvent.Failed());

        var again = await test.Handler.RunAsync(completed, Before);

        var incidents = test.ServiceNow.Incidents;
        Assert.That(incidents.Select(incident => incident["state"]), Is.EqualTo(new[] { "6", "1" }));
        Assert.That(again, Is.EqualTo($"Had updated {incidents[0]["number"]}"));
    }

    [Test]
    public async Task An_opening_whose_answer_was_lost_leaves_no_note_on_the_incident_of_a_later_failure()
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        var failed = await LoseAnswerToOpeningAsync(test);
        test.ServiceNow.Incidents.Single()["state"] = "7";
        await test.Handler.RunAsync(SentEvent.Failed());

        var again = await test.Handler.RunAsync(failed, Before);

        Assert.That(again, Is.EqualTo($"Had opened {test.ServiceNow.Incidents[0]["number"]}"));
        Assert.That((test.ServiceNow.Incidents.Count, test.ServiceNow.Journal.Count), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task The_note_of_another_handler_is_not_taken_for_ones_own()
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        await using var items = test.Another(new() { ["Table"] = "sc_req_item", ["Query"] = "short_description={{ name }}" });
        test.Add("sc_req_item", ("short_description", "Project Phoenix"));
        var failed = SentEvent.Failed();
        test.Calls.Disturb("insert", DownstreamFault.LostCall);

        await test.Handler.FailAsync<TransientFailureException>(failed);
        var noted = await items.RunAsync(failed);
        var opened = await test.Handler.RunAsync(failed, Before);

        Assert.That((noted, opened), Is.EqualTo(("Updated RITM0010001", "Opened INC0010001")));
    }

    [Test]
    public async Task Of_two_handlers_of_a_record_each_leaves_its_note_once()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new() { ["Update:State"] = "" });
        await using var other = test.Another(new() { ["Update:WorkNotes"] = "", ["Update:Comments"] = "Your {{ kindName }} is there." });
        await test.Handler.RunAsync(SentEvent.Failed());
        var completed = SentEvent.Completed(Site);

        foreach (var lastRunAt in new DateTimeOffset?[] { null, Before })
        {
            await test.Handler.RunAsync(completed, lastRunAt);
            await other.RunAsync(completed, lastRunAt);
        }

        Assert.That(test.ServiceNow.Journal.Select(entry => entry.Field), Is.EquivalentTo(["work_notes", "comments"]));
    }

    [Test]
    public async Task What_many_have_failed_before_is_looked_through_for_the_one_that_was_resolved()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new()
        {
            ["Query"] = "short_description={{ name }}",
            ["Create:EventTypes"] = "*",
            ["Create:Fields:short_description"] = "{{ name }}",
        });
        for (var i = 0; i < 10; i++)
            test.Add("incident", ("short_description", "Project Phoenix"), ("state", "7"));
        var completed = await LoseAnswerAsync(test);

        Assert.That(await test.Handler.RunAsync(completed, Before), Is.EqualTo("Had updated INC0010011"));
        Assert.That(test.ServiceNow.Incidents, Has.Count.EqualTo(11));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_note_whose_answer_was_lost_is_written_once(bool isShownInTheRecord)
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new() { ["Update:State"] = "" });
        var completed = await LoseAnswerAsync(test);
        test.ServiceNow.ShowsJournalInRecords = isShownInTheRecord;

        var effect = await test.Handler.RunAsync(completed, Before);

        Assert.That(effect, Does.StartWith("Had updated INC"));
        Assert.That((test.Calls.Count("journal"), test.ServiceNow.Journal.Count), Is.EqualTo((isShownInTheRecord ? 0 : 1, 1)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_comment_without_a_note_whose_answer_was_lost_is_written_once(bool isShownInTheRecord)
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new()
        {
            ["Update:State"] = "",
            ["Update:WorkNotes"] = "",
            ["Update:Comments"] = "Your {{ kindName }} is there.",
        });
        var completed = await LoseAnswerAsync(test);
        test.ServiceNow.ShowsJournalInRecords = isShownInTheRecord;

        var effect = await test.Handler.RunAsync(completed, Before);

        Assert.That(effect, Does.StartWith("Had updated INC"));
        Assert.That(test.ServiceNow.Journal.Select(entry => (entry.Field, entry.Text)), Is.EqualTo(
            [("comments", $"Your team is there.\n\nSyskit Point event {completed.Id} (servicenow-test)")]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_account_that_may_not_read_the_journals_repeats_what_it_cannot_see(bool isRefused)
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        await test.Handler.RunAsync(SentEvent.Failed());
        test.ServiceNow.ShowsJournalInRecords = false;
        test.ServiceNow.ShowsJournal = false;
        if (isRefused)
            test.Calls.Disturb("journal", DownstreamFault.Refused(403, "{}"));
        test.Calls.Disturb("update", DownstreamFault.LostCall);
        var completed = SentEvent.Completed(Site);
        await test.Handler.FailAsync<TransientFailureException>(completed);

        var effect = await test.Handler.RunAsync(completed, Before);

        Assert.That(effect, Is.EqualTo($"Updated {test.ServiceNow.Incidents.Single()["number"]}, state 6"));
    }

    [Test]
    public async Task A_journal_that_does_not_answer_is_none_without_the_note()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new() { ["Update:State"] = "" });
        var completed = await LoseAnswerAsync(test);
        test.ServiceNow.ShowsJournalInRecords = false;
        test.Calls.Disturb("journal", DownstreamFault.Refused(500, "{}"), times: 3);

        await test.Handler.FailAsync<TransientFailureException>(completed, Before);

        Assert.That((test.Calls.Count("update"), test.ServiceNow.Journal.Count), Is.EqualTo((1, 1)));
    }

    // An incident is open, and of what its success changes the answer is lost.
    private static async Task<SentEvent> LoseAnswerToOpeningAsync(ServiceNowUnderTest test)
    {
        var failed = SentEvent.Failed();
        test.Calls.Disturb("insert", DownstreamFault.LostAnswer);
        await test.Handler.FailAsync<TransientFailureException>(failed);
        return failed;
    }

    private static async Task<SentEvent> LoseAnswerAsync(ServiceNowUnderTest test)
    {
        await test.Handler.RunAsync(SentEvent.Failed());
        var completed = SentEvent.Completed(Site);
        test.Calls.Disturb("update", DownstreamFault.LostAnswer);
        await test.Handler.FailAsync<TransientFailureException>(completed);
        return completed;
    }
}
