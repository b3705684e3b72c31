using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Jira;

/// <summary>Finds the ticket of an event: by the key in it, else by a query that finds exactly one.</summary>
internal sealed class JiraTicketFinder(JiraOptions options, JiraClient jira, TimeProvider time)
{
    private readonly JiraSearch search = options.Search;

    /// <summary>The ticket, or null when there is none.</summary>
    /// <param name="isNeeded">Whether a key that leads nowhere is an error, because nothing else would be done.</param>
    /// <exception cref="PermanentFailureException">The event names a ticket that Jira does not show, or a query finds several.</exception>
    /// <exception cref="TransientFailureException">A query found nothing, and may find it later.</exception>
    public async Task<JiraIssue?> FindAsync(EventModel model, EventContext context, bool isNeeded, CancellationToken cancellationToken)
    {
        var property = options.Mark(context).IssueProperty;
        var key = search.IssueKey is { } template ? IssueKey.Read(template.Render(model), search.Projects) : null;
        if (key is not null && await jira.FindAsync(key, property, cancellationToken) is { } named)
            return named;
        if (search.Jql is { } query && Jql.Build(query.Render(model)) is { } jql)
        {
            var found = await jira.SearchAsync(jql, cancellationToken);
            if (found.Count > 1)
                throw new PermanentFailureException($"The query finds more than one ticket, such as {found[0]} and {found[1]}: none was touched.");
            if (found.Count == 1)
                return await jira.FindAsync(found[0], property, cancellationToken);
            ThrowIfTooNew(context);
        }

        return key is not null && isNeeded
            ? throw new PermanentFailureException($"Jira has no issue {key}, or does not show it to this account.")
            : null;
    }

    // The ticket may be as new as the event.
    private void ThrowIfTooNew(EventContext context)
    {
        var left = context.ReceivedAt + search.SearchLag - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            throw new TransientFailureException("The query finds no ticket yet; one that is new may not be in Jira's index.", left)
            {
                ConcernsEventAlone = true,
            };
        }
    }
}
