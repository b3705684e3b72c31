using System.Text.Json.Nodes;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Jira;

/// <summary>
/// Opens a ticket, once. Its label is looked up first; and because a search does not know what is new, an earlier run that may have opened
/// one is waited out before another is.
/// </summary>
internal sealed class JiraTicketCreation(JiraOptions options, JiraClient jira, TimeProvider time)
{
    private const int LongestSummary = 255;
    private const int LongestLabel = 255;

    private readonly JiraCreation creation = options.Creation!;

    /// <summary>Opens a ticket, unless there is one.</summary>
    public async Task RunAsync(EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        var label = JiraMark.Label(context.EventId);
        var found = await jira.SearchAsync(
            $"project = {Jql.Quote(creation.Project)} AND labels = {Jql.Quote(label)}", cancellationToken);
        if (found.Count > 0)
        {
            context.Report($"Had opened {found[0]}", jira.Link(found[0]));
            return;
        }

        var lag = options.Search.SearchLag;
        if (context.LastRunAt is { } last && last + lag > time.GetUtcNow())
            throw Waiting($"The ticket that the last run may have opened is not found yet: Jira's search may be {lag} behind.", lag, null);
        context.Report(await CreateAsync(model, context, lag, cancellationToken) is var key ? $"Opened {key}" : "", jira.Link(key));
    }

    /// <summary>The issue as it is sent.</summary>
    public JsonObject Issue(EventModel model, EventContext context)
    {
        var labels = creation.Labels.Select(label => Label(label.Render(model))).Where(label => label.Length > 0)
            .Append(JiraMark.Label(context.EventId));
        var fields = new JsonObject
        {
            ["project"] = new JsonObject { ["key"] = creation.Project },
            ["issuetype"] = new JsonObject { ["name"] = creation.IssueType },
            ["summary"] = creation.Summary.RenderLine(model, LongestSummary),
            ["labels"] = new JsonArray([.. labels.Distinct().Select(label => JsonValue.Create(label))]),
        };
        if (creation.Description?.Render(model) is { Length: > 0 } description)
            fields["description"] = JiraText.Of(description, null, options.Connection.ApiVersion);
        foreach (var (name, field) in creation.Fields)
            fields[name] = field.Render(model);
        return new JsonObject { ["fields"] = fields };
    }

    // A label has no blanks.
    private static string Label(string text)
    {
        var label = string.Join('-', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return label.Length > LongestLabel ? label[..LongestLabel] : label;
    }

    private static TransientFailureException Waiting(string why, TimeSpan pause, Exception? cause) =>
        new(why, pause, cause) { ConcernsEventAlone = true };

    private async Task<string> CreateAsync(EventModel model, EventContext context, TimeSpan lag, CancellationToken cancellationToken)
    {
        try
        {
            return await jira.CreateAsync(Issue(model, context), cancellationToken);
        }
        // Whether the ticket is there is not known: the next run looks when it would be found. A pause that Jira asked for is longer, or it
        // has refused the call.
        catch (TransientFailureException e) when (e.RetryAfter is null || e.RetryAfter < lag)
        {
            throw new TransientFailureException(e.Message, lag, e);
        }
    }
}
