using System.Text.Json.Nodes;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Jira;

/// <summary>
/// Answers a ticket: sets fields, comments, brings it through a transition, after which a query for open tickets may not find it any more. Each
/// step leaves its mark with its own request, so that none is repeated; and each is taken also when the workflow refuses the others.
/// </summary>
internal sealed class JiraTicketUpdate(JiraOptions options, JiraClient jira)
{
    // The name of a status or a transition.
    private const int LongestName = 255;

    /// <summary>Takes every step that the event has not taken yet.</summary>
    /// <exception cref="PermanentFailureException">Jira refused a step; the others were taken.</exception>
    public async Task RunAsync(JiraIssue ticket, EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        var refused = new List<string>();
        var done = new List<string>();
        await TryAsync(() => EditAsync(ticket, model, context, cancellationToken));
        // Fields that were refused are still to be set, by a replay.
        var isEdited = refused.Count == 0;
        await TryAsync(() => CommentAsync(ticket, model, context, cancellationToken));
        await TryAsync(() => MoveAsync(ticket with { IsEdited = isEdited }, model, context, cancellationToken));
        if (refused.Count > 0)
            throw new PermanentFailureException($"{ticket.Key}: {string.Join(" ", refused)}");
        context.Report(done.Count > 0 ? $"{string.Join(", ", done)} {ticket.Key}" : $"Nothing to do on {ticket.Key}", jira.Link(ticket.Key));

        async Task TryAsync(Func<Task<string?>> step)
        {
            try
            {
                if (await step() is { } what)
                    done.Add(what);
            }
            catch (PermanentFailureException e)
            {
                refused.Add(e.Message);
            }
        }
    }

    /// <summary>What would be sent.</summary>
    public IEnumerable<string> Preview(EventModel model, EventContext context)
    {
        var update = options.Update;
        if (JiraField.Render(update.Fields, model) is { Count: > 0 } fields)
            yield return $"On its ticket, the fields: {new JsonObject(fields).ToJsonString(PreviewJson.Options)}";
        if (Comment(model, context) is { } comment)
            yield return $"On its ticket, the comment: {comment.ToJsonString(PreviewJson.Options)}";
        if (Wanted(model) is { } wanted)
            yield return $"On its ticket, the transition or status: {wanted}";
    }

    private JsonArray Progress(EventContext context, bool isEdited, bool isMoved) =>
        new(JiraMark.Property(options.Mark(context).IssueProperty, new JsonObject { ["edited"] = isEdited, ["moved"] = isMoved }));

    private async Task<string?> EditAsync(
        JiraIssue ticket, EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        if (ticket.IsEdited || JiraField.Render(options.Update.Fields, model) is not { Count: > 0 } fields)
            return null;
        var change = new JsonObject
        {
            ["fields"] = new JsonObject(fields),
            ["properties"] = Progress(context, isEdited: true, ticket.IsMoved),
        };
        await jira.EditAsync(ticket.Key, change, cancellationToken);
        return "Set fields of";
    }

    private async Task<string?> MoveAsync(
        JiraIssue ticket, EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        if (Wanted(model) is not { } wanted || ticket.IsMoved || JiraTransition.Is(ticket.Status, wanted))
            return null;
        var transitions = await jira.TransitionsAsync(ticket.Key, cancellationToken);
        var chosen = JiraTransition.Choose(transitions, wanted) ?? throw new PermanentFailureException(
            $"There is no transition '{wanted}', nor one to a status of that name, from '{ticket.Status}'. "
            + $"There {(transitions.Count == 0 ? "is none." : $"are {string.Join(", ", transitions.Select(one => $"'{one.Name}' to '{one.To}'"))}.")}");
        var change = new JsonObject
        {
            ["transition"] = new JsonObject { ["id"] = chosen.Id },
            ["properties"] = Progress(context, ticket.IsEdited, isMoved: true),
        };
        if (JiraField.Render(options.Update.TransitionFields, model) is { Count: > 0 } fields)
            change["fields"] = new JsonObject(fields);
        await jira.TransitionAsync(ticket.Key, change, cancellationToken);
        return "Moved";
    }

    private async Task<string?> CommentAsync(
        JiraIssue ticket, EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        if (Comment(model, context) is not { } comment)
            return null;
        if (await jira.HasCommentAsync(ticket.Key, options.Mark(context).Line, cancellationToken))
            return "Had commented on";
        await jira.CommentAsync(ticket.Key, comment, cancellationToken);
        return "Commented on";
    }

    private string? Wanted(EventModel model) =>
        options.Update.Transition?.RenderLine(model, LongestName) is { Length: > 0 } wanted ? wanted : null;

    private JsonObject? Comment(EventModel model, EventContext context)
    {
        if (options.Update.Comment?.Render(model) is not { Length: > 0 } text)
            return null;
        var mark = options.Mark(context);
        var properties = new JsonArray(mark.CommentProperty);
        if (!options.Update.IsPublic)
            properties.Add(JiraMark.Property(JiraMark.InternalProperty, new JsonObject { ["internal"] = true }));
        return new JsonObject
        {
            ["body"] = JiraText.Of(text, mark.Line, options.Connection.ApiVersion),
            ["properties"] = properties,
        };
    }
}
