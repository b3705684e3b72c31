using System.Text.Json;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Simulator.Downstream.Jira;

namespace PointWebhooks.LocalHost.Downstream;

/// <summary>A step of a demonstration.</summary>
/// <param name="IsAsExpected">Whether it went as it should.</param>
/// <param name="Story">What is told then.</param>
/// <param name="Complaint">What is told when it did not.</param>
internal sealed record StoryStep(bool IsAsExpected, string Story, string Complaint);

/// <summary>What the handlers have done in the systems that they work with, in plain lines.</summary>
internal sealed class HandlerStory(SimulatedDownstreams downstreams)
{
    private readonly JiraIssue ticket = downstreams.Jira.Add("ITSM", "Please make a team for Project Phoenix");

    /// <summary>The url of the workspace that the ticket asked for, as the vendor's automation for Jira has it made.</summary>
    public string WorkspaceUrl => $"https://contoso.sharepoint.com/sites/{ticket.Key}";

    /// <summary>What is told before.</summary>
    public string Beginning => $"In Jira, ticket {ticket.Key} waits for a team: {ticket.Summary}. It is {ticket.Status}.";

    /// <summary>After a workspace could not be provisioned.</summary>
    public IEnumerable<StoryStep> AfterFailure()
    {
        var incidents = downstreams.ServiceNow.Incidents;
        yield return new StoryStep(
            incidents is [{ } open] && open["state"] == "1",
            $"In ServiceNow, incident {incidents.FirstOrDefault()?["number"]} was opened: {incidents.FirstOrDefault()?["short_description"]}.",
            $"ServiceNow has {incidents.Count} incidents instead of an open one.");
    }

    /// <summary>After it was provisioned all the same.</summary>
    /// <param name="eventId">The id of that event.</param>
    public IEnumerable<StoryStep> AfterSuccess(string eventId)
    {
        yield return new StoryStep(
            ticket.Comments is [{ IsPublic: false }] && ticket.Status == "Done",
            $"In Jira, ticket {ticket.Key} was answered and is {ticket.Status}: {ticket.Comments.FirstOrDefault()?.Text.Replace('\n', ' ')}",
            $"In Jira, ticket {ticket.Key} has {ticket.Comments.Count} comments and is {ticket.Status}.");
        var incident = downstreams.ServiceNow.Incidents.FirstOrDefault();
        yield return new StoryStep(
            incident?["state"] == "6",
            $"In ServiceNow, incident {incident?["number"]} was resolved: {incident?.GetValueOrDefault("close_code")}.",
            $"In ServiceNow, incident {incident?["number"]} is in state {incident?["state"]}.");
        var cards = downstreams.Teams.Received.Where(request => request.Body.Contains(WorkspaceUrl, StringComparison.Ordinal)).ToList();
        yield return new StoryStep(
            cards.Count == 1,
            $"In Teams, a card of {cards.FirstOrDefault()?.Body.Length} bytes says so, with a link to {WorkspaceUrl}.",
            $"In Teams, {cards.Count} cards have a link to {WorkspaceUrl}.");
        yield return Forwarded(eventId);
    }

    private StoryStep Forwarded(string eventId)
    {
        var sent = downstreams.Receiver.Received.Where(request => Text(request, "id") == eventId).ToList();
        return new StoryStep(
            sent.Count == 1,
            $"The receiver of CloudEvents got it once, as {(sent.Count > 0 ? Text(sent[0], "type") : "")}.",
            $"The receiver of CloudEvents got it {sent.Count} times.");
    }

    private static string Text(DownstreamRequest request, string name) =>
        request.Json is { } json && json.TryGetPropertyValue(name, out var value) && value?.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : "";
}
