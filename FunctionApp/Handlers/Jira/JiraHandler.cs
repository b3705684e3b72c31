using PointWebhooks.Events;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Templates;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.Jira;

/// <summary>
/// Answers the ticket that asked for a workspace: sets its fields, comments on it, moves it on. Without a ticket it opens one, for the events
/// that shall have one.
/// </summary>
/// <param name="pointUrl">The address of Syskit Point, for templates.</param>
internal sealed class JiraHandler(JiraOptions options, JiraClient jira, TimeProvider time, string? pointUrl) : IDownstreamHandler
{
    /// <inheritdoc/>
    public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        var model = EventModel.Of(pointEvent, context, pointUrl);
        var opens = Opens(pointEvent);
        var ticket = await new JiraTicketFinder(options, jira, time).FindAsync(model, context, !opens, cancellationToken);
        // The one that this event has opened is no answer to somebody's.
        if (ticket?.Labels.Contains(options.Mark(context).Label) == true)
            context.Report($"Had opened {ticket.Key}", jira.Link(ticket.Key));
        else if (ticket is not null)
            await new JiraTicketUpdate(options, jira).RunAsync(ticket, model, context, cancellationToken);
        else if (opens)
            await new JiraTicketCreation(options, jira, time).RunAsync(model, context, cancellationToken);
        else
            context.Report("No ticket for this event");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Preview(PointEvent pointEvent, EventContext context)
    {
        var model = EventModel.Of(pointEvent, context, pointUrl);
        var found = new JiraTicketUpdate(options, jira).Preview(model, context);
        return Opens(pointEvent)
            ? [.. found, $"Without a ticket: {new JiraTicketCreation(options, jira, time).Issue(model, context).ToJsonString(PreviewJson.Options)}"]
            : found;
    }

    private bool Opens(PointEvent pointEvent) =>
        options.Creation is { } creation && EventTypeList.Has(creation.EventTypes, pointEvent.Type);
}
