using PointWebhooks.Simulator;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Simulator.Downstream.Jira;
using PointWebhooks.Simulator.Downstream.ServiceNow;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers;

/// <summary>From the webhook to the tickets, over HTTP, with answers that are lost on the way.</summary>
internal sealed class TicketsEndToEndTests
{
    [Test]
    public async Task One_failure_is_one_ticket_and_one_incident_although_the_answers_to_both_were_lost()
    {
        var (jira, serviceNow) = (new SimulatedJira(JiraEdition.Cloud, TimeProvider.System), new SimulatedServiceNow());
        jira.SearchLag = TimeSpan.FromMilliseconds(500);
        var (jiraCalls, serviceNowCalls) = (new DownstreamCalls(jira), new DownstreamCalls(serviceNow));
        jiraCalls.Disturb("create", DownstreamFault.LostAnswer);
        serviceNowCalls.Disturb("insert", DownstreamFault.LostAnswer);
        await using var jiraServer = await DownstreamServer.StartAsync(jiraCalls, 0, CancellationToken.None);
        await using var serviceNowServer = await DownstreamServer.StartAsync(serviceNowCalls, 0, CancellationToken.None);
        await using var app = await TestApp.StartAsync(isTiming: false, settings: new()
        {
            ["Retry:Schedule"] = "00:00:01,00:00:01,00:00:01,00:00:01",
            ["Handlers:Jira:IT:Url"] = jiraServer.Urls.Single(),
            ["Handlers:Jira:IT:Edition"] = "Cloud",
            ["Handlers:Jira:IT:User"] = jira.Access.User,
            ["Handlers:Jira:IT:Token"] = jira.Access.Token,
            ["Handlers:Jira:IT:SearchLagSeconds"] = "1",
            ["Handlers:Jira:IT:Create:Project"] = "TASK",
            ["Handlers:Jira:IT:Create:IssueType"] = "Task",
            ["Handlers:ServiceNow:Desk:Url"] = serviceNowServer.Urls.Single(),
            ["Handlers:ServiceNow:Desk:User"] = serviceNow.Access.User,
            ["Handlers:ServiceNow:Desk:Password"] = serviceNow.Access.Password,
        });

        await app.SendAsync("ProvisioningFailed", "failed");
        var failed = await app.EventInAsync("Completed", "failed");
        var url = $"https://contoso.sharepoint.com/sites/{jira.Issues.Single().Key}";
        using var answer = await app.Sender.SendAsync(
            app.Receiver, SampleEvents.Body("ProvisioningCompleted", "completed", url: url), app.Point.SignatureKey);
        await app.EventInAsync("Completed", "completed");

        Assert.Multiple(() =>
        {
            Assert.That((jira.Issues.Count, jiraCalls.Count("create"), jira.Issues[0].Comments.Count), Is.EqualTo((1, 1, 1)));
            Assert.That((serviceNow.Incidents.Count, serviceNowCalls.Count("insert"), serviceNow.Incidents[0]["state"]), Is.EqualTo((1, 1, "6")));
            Assert.That(
                failed.GetProperty("history").GetRawText(),
                Does.Contain("jira-it: Had opened TASK-1").And.Contain("/browse/TASK-1").And.Contain("servicenow-desk: Had opened INC0010001"));
        });
    }
}
