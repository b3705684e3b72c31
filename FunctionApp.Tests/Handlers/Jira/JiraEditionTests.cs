using PointWebhooks.Handlers;
using PointWebhooks.Simulator.Downstream.Jira;
using PointWebhooks.Tests.Handlers.Support;

namespace PointWebhooks.Tests.Handlers.Jira;

/// <summary>Cloud and Data Center, and each way to sign in.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class JiraEditionTests
{
    private static readonly Dictionary<string, string?> Creating = new() { ["Create:Project"] = "TASK", ["Create:IssueType"] = "Task" };

    [Test]
    public async Task Data_Center_gets_strings_and_a_personal_access_token_and_is_searched_its_own_way()
    {
        await using var test = await JiraUnderTest.StartAsync(
            new(Creating) { ["Update:Transition"] = "Done" }, JiraEdition.DataCenter);
        var ticket = test.Jira.Add("TASK", "A team for Phoenix");

        await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}"));
        await test.Handler.RunAsync(SentEvent.Failed());

        Assert.That(ticket.Comments.Single().Body.GetValue<string>(), Does.StartWith("The team Project Phoenix is ready."));
        Assert.That((ticket.Status, test.Jira.Issues.Count, test.Calls.Count("old-search")), Is.EqualTo(("Done", 2, 1)));
    }

    [Test]
    public async Task Version_2_of_the_api_gets_strings_on_Cloud_too()
    {
        await using var test = await JiraUnderTest.StartAsync(new(Creating) { ["ApiVersion"] = "2" });
        var ticket = test.Jira.Add("TASK", "A team for Phoenix");

        await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}"));
        await test.Handler.RunAsync(SentEvent.Failed(name: "*Phoenix*"));

        Assert.That(test.Calls.Made.Select(call => call.Request.Path), Is.All.StartsWith("/rest/api/2/"));
        Assert.That(ticket.Comments.Single().Body.GetValue<string>(), Does.StartWith("The team Project Phoenix is ready."));
        Assert.That(
            test.Jira.Issues[1].Fields["description"]!.GetValue<string>(),
            Does.StartWith("""The team \*Phoenix\* could not be provisioned."""));
    }

    [Test]
    public async Task What_an_event_holds_is_no_wiki_markup()
    {
        await using var test = await JiraUnderTest.StartAsync(new(Creating), JiraEdition.DataCenter);

        await test.Handler.RunAsync(SentEvent.Failed(name: "[click|https://evil.example] {html}"));

        Assert.That(
            test.Jira.Issues.Single().Description,
            Does.Contain("""\[click\|https://evil.example\] \{html\}"""));
    }

    [Test]
    public async Task A_token_with_scopes_works_at_the_gateway_alone()
    {
        await using var site = await JiraUnderTest.StartAsync(prepare: jira => jira.Access.IsScoped = true);
        await using var gateway = await JiraUnderTest.StartAsync(
            new() { ["ApiUrl"] = "{url}/ex/jira/" + new JiraAccess().CloudId }, prepare: jira => jira.Access.IsScoped = true);
        var ticket = gateway.Jira.Add("TASK", "A team for Phoenix");
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}");

        var refused = await site.Handler.FailAsync<TransientFailureException>(completed);
        var report = await gateway.Handler.ReportAsync(completed);

        Assert.That(refused.Message, Does.Contain("401").And.Contain("CloudId"));
        Assert.That(ticket.Comments, Has.Count.EqualTo(1));
        Assert.That(report?.Link?.PathAndQuery, Is.EqualTo($"/browse/{ticket.Key}"), "people go to the site");
    }

    [Test]
    public async Task A_service_account_asks_for_a_token_once_and_again_when_it_is_refused()
    {
        await using var test = await JiraUnderTest.StartAsync(ServiceAccount());
        var ticket = test.Jira.Add("TASK", "A team for Phoenix");
        var url = $"https://contoso.sharepoint.com/sites/{ticket.Key}";

        await test.Handler.RunAsync(SentEvent.Completed(url));
        await test.Handler.RunAsync(SentEvent.Completed(url));
        var asked = test.Calls.Count("token");
        test.Jira.Access.Bearer = "another";
        var third = SentEvent.Completed(url);
        await test.Handler.FailAsync<TransientFailureException>(third);
        await test.Handler.RunAsync(third);

        Assert.That((asked, test.Calls.Count("token"), ticket.Comments.Count), Is.EqualTo((1, 2, 3)));
    }

    [Test]
    public async Task A_service_account_asks_for_a_new_token_a_minute_before_the_hour_of_the_old_one_is_over()
    {
        await using var test = await JiraUnderTest.StartAsync(ServiceAccount());
        var url = $"https://contoso.sharepoint.com/sites/{test.Jira.Add("TASK", "A team for Phoenix").Key}";

        await test.Handler.RunAsync(SentEvent.Completed(url));
        test.Time.Advance(TimeSpan.FromMinutes(58));
        await test.Handler.RunAsync(SentEvent.Completed(url));
        var before = test.Calls.Count("token");
        test.Time.Advance(TimeSpan.FromMinutes(1.5));
        await test.Handler.RunAsync(SentEvent.Completed(url));

        Assert.That((before, test.Calls.Count("token")), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task A_service_account_whose_secret_is_refused_is_tried_again_and_the_secret_is_not_said()
    {
        var settings = ServiceAccount();
        settings["ClientSecret"] = "wrong-secret-4711";
        await using var test = await JiraUnderTest.StartAsync(settings);

        var failure = await test.Handler.FailAsync<TransientFailureException>(
            SentEvent.Completed("https://contoso.sharepoint.com/sites/TASK-1"));

        Assert.That(failure.Message, Does.Contain("no access token for this client id and secret").And.Not.Contain("wrong-secret"));
    }

    private static Dictionary<string, string?> ServiceAccount() => new()
    {
        ["User"] = null,
        ["Token"] = null,
        ["ClientId"] = "service-account",
        ["ClientSecret"] = JiraAccess.ClientSecret,
        ["TokenUrl"] = "{url}/oauth/token",
        ["ApiUrl"] = "{url}/ex/jira/" + new JiraAccess().CloudId,
    };
}
