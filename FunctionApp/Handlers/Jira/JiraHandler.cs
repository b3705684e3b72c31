using PointWebhooks.Events;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Jira;

/// <summary>
/// Answers the ticket that asked for a workspace: comments on it, moves it on, sets its fields. Without a ticket it opens one, for the events
/// that shall have one.
/// </summary>
/// <param name="pointUrl">The address of Syskit Point, for templates.</param>
internal sealed class JiraHandler(JiraOptions options, JiraClient jira, TimeProvider time, string? pointUrl) : IDownstreamHandler
{
    /// <inheritdoc/>
    public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        var model = EventModel.Of(pointEvent, context, pointUrl);
        var opens = options.Creation is { } creation && creation.EventTypes.Contains(pointEvent.Type, StringComparer.OrdinalIgnoreCase);
        var ticket = await new JiraTicketFinder(options.Search, jira, time).FindAsync(model, context, !opens, cancellationToken);
        if (ticket is not null)
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
        return options.Creation is { } creation && creation.EventTypes.Contains(pointEvent.Type, StringComparer.OrdinalIgnoreCase)
            ? [.. found, $"Without a ticket: {new JiraTicketCreation(options, jira, time).Issue(model, context).ToJsonString(PreviewJson.Options)}"]
            : found;
    }
}
