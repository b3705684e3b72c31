using PointWebhooks.Handlers;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Tests.Handlers.Support;

namespace PointWebhooks.Tests.Handlers.Jira;

/// <summary>Which ticket is that of an event: by the key in it, or by a query; over HTTP.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class JiraTicketSearchTests
{
    [TestCase("https://contoso.sharepoint.com/sites/project-2024", TestName = "A site whose name is like a key in small letters is no ticket")]
    [TestCase("https://contoso.sharepoint.com/sites/phoenix", TestName = "A site with a usual name is no ticket")]
    [TestCase("https://contoso.sharepoint.com/sites/TASK-1%22%20OR%20key%20!=%20%22", TestName = "A key with something behind it is no ticket")]
    public async Task No_ticket(string url)
    {
        await using var test = await JiraUnderTest.StartAsync();
        test.Jira.Add("TASK", "Somebody else's");

        var effect = await test.Handler.RunAsync(SentEvent.Completed(url));

        Assert.That(effect, Is.EqualTo("No ticket for this event"));
        Assert.That(test.Calls.Made, Is.Empty);
    }

    [Test]
    public async Task The_key_of_the_ticket_is_where_the_settings_say()
    {
        await using var test = await JiraUnderTest.StartAsync(new() { ["IssueKey"] = "{{ name | split: ' ' | last }}" });
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");

        await test.Handler.RunAsync(SentEvent.Started($"Project Phoenix {ticket.Key}"));

        Assert.That(ticket.Comments, Has.Count.EqualTo(1));
    }

    [TestCase("ITSM")]
    [TestCase("itsm")]
    public async Task With_projects_named_capitals_do_not_matter_and_other_projects_do_not_count(string projects)
    {
        await using var test = await JiraUnderTest.StartAsync(new() { ["Projects"] = projects });
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");
        var other = test.Jira.Add("TASK", "Somebody else's");

        await test.Handler.RunAsync(SentEvent.Completed("https://contoso.sharepoint.com/sites/itsm-1"));
        await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{other.Key}"));

        Assert.That((ticket.Comments.Count, other.Comments.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_key_that_Jira_does_not_show_is_permanent()
    {
        await using var test = await JiraUnderTest.StartAsync();

        var failure = await test.Handler.FailAsync<PermanentFailureException>(
            SentEvent.Completed("https://contoso.sharepoint.com/sites/ITSM-99"));

        Assert.That(failure.Message, Is.EqualTo("Jira has no issue ITSM-99, or does not show it to this account."));
    }

    [TestCase(401)]
    [TestCase(403)]
    [TestCase(500)]
    public async Task A_ticket_that_cannot_be_looked_at_is_none_that_is_not_there(int status)
    {
        await using var test = await JiraUnderTest.StartAsync(new()
        {
            ["Create:Project"] = "TASK",
            ["Create:IssueType"] = "Task",
            ["Create:EventTypes"] = "*",
        });
        test.Calls.Disturb("get", DownstreamFault.Refused(status, "{}"), times: 3);

        Assert.CatchAsync(() => test.Handler.RunAsync(SentEvent.Completed("https://contoso.sharepoint.com/sites/ITSM-99")));

        Assert.That(test.Calls.Count("create"), Is.Zero);
    }

    [Test]
    public async Task A_query_finds_the_ticket_of_an_event_without_a_key_whatever_the_name_holds()
    {
        await using var test = await JiraUnderTest.StartAsync(
            new() { ["Jql"] = "project = ITSM AND labels = {{ name | replace: ' ', '_' }} AND status != \"Done\"" });
        const string Hostile = "a\" OR project = TASK OR labels = \"b\\";
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix", Hostile.Replace(' ', '_'));
        var others = test.Jira.Add("TASK", "Somebody else's");

        await test.Handler.RunAsync(SentEvent.Failed(name: Hostile));

        Assert.That((ticket.Comments.Count, others.Comments.Count), Is.EqualTo((1, 0)));
    }

    [TestCase("R&D")]
    [TestCase("C#")]
    [TestCase("A+B")]
    [TestCase("50%25")]
    [TestCase("x&jql=project=TASK")]
    public async Task A_query_finds_the_ticket_whatever_the_name_means_in_a_url(string name)
    {
        await using var test = await JiraUnderTest.StartAsync(new() { ["Jql"] = "project = ITSM AND labels = {{ name }}" });
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix", name);
        var others = test.Jira.Add("TASK", "Somebody else's");

        await test.Handler.RunAsync(SentEvent.Failed(name: name));

        Assert.That((ticket.Comments.Count, others.Comments.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_query_that_finds_several_touches_none()
    {
        await using var test = await JiraUnderTest.StartAsync(new() { ["Jql"] = "project = ITSM AND labels = {{ kind }}" });
        test.Jira.Add("ITSM", "One", "MicrosoftTeams");
        test.Jira.Add("ITSM", "Two", "MicrosoftTeams");

        var failure = await test.Handler.FailAsync<PermanentFailureException>(SentEvent.Failed());

        Assert.That(failure.Message, Does.Contain("ITSM-1 and ITSM-2"));
        Assert.That(test.Jira.Issues.Sum(issue => issue.Comments.Count), Is.Zero);
    }

    [Test]
    public async Task A_query_that_finds_nothing_is_asked_again_when_the_index_has_caught_up()
    {
        await using var test = await JiraUnderTest.StartAsync(
            new() { ["Jql"] = "labels = {{ workspaceId }}" }, prepare: jira => jira.SearchLag = TimeSpan.FromMinutes(1));
        var failed = SentEvent.Failed();

        var failure = await test.Handler.FailAsync<TransientFailureException>(failed);
        test.Time.Advance(TimeSpan.FromMinutes(6));
        var effect = await test.Handler.RunAsync(failed);

        Assert.That((failure.ConcernsEventAlone, failure.RetryAfter > TimeSpan.FromMinutes(4)), Is.EqualTo((true, true)));
        Assert.That(effect, Is.EqualTo("No ticket for this event"));
    }
}
