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

    // A message may come some seconds before its time, and find that it has to wait once more.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly JiraCreation creation = options.Creation!;

    /// <summary>Opens a ticket, unless there is one.</summary>
    public async Task RunAsync(EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        // In every project: it may have been moved.
        var found = await jira.SearchAsync($"labels = {Jql.Quote(options.Mark(context).Label)}", cancellationToken);
        if (found.Count > 0)
        {
            context.Report($"Had opened {found[0]}", jira.Link(found[0]));
            return;
        }

        var lag = options.Search.SearchLag;
        if (context.LastRunAt is { } last && last + lag > time.GetUtcNow())
            throw Waiting("A ticket that the last run may have opened would not be found yet: Jira's search lags.", lag, null);
        var key = await CreateAsync(model, context, lag, cancellationToken);
        context.Report($"Opened {key}", jira.Link(key));
    }

    /// <summary>The issue as it is sent.</summary>
    public JsonObject Issue(EventModel model, EventContext context)
    {
        // A label has no blanks, so these stand between labels.
        var labels = (creation.Labels?.Render(model) ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(label => label.Length > LongestLabel ? label[..LongestLabel] : label)
            .Append(options.Mark(context).Label);
        var fields = new JsonObject
        {
            ["project"] = new JsonObject { ["key"] = creation.Project },
            ["issuetype"] = new JsonObject { ["name"] = creation.IssueType },
            ["summary"] = creation.Summary.RenderLine(model, LongestSummary),
            ["labels"] = new JsonArray([.. labels.Distinct().Select(label => JsonValue.Create(label))]),
        };
        if (creation.Description?.Render(model) is { Length: > 0 } description)
            fields["description"] = JiraText.Of(description, null, options.Connection.ApiVersion);
        foreach (var (name, value) in JiraField.Render(creation.Fields, model))
            fields[name] = value;
        return new JsonObject { ["fields"] = fields };
    }

    private static TransientFailureException Waiting(string why, TimeSpan pause, Exception? cause) =>
        new(why, pause + Margin, cause) { ConcernsEventAlone = true };

    private async Task<string> CreateAsync(EventModel model, EventContext context, TimeSpan lag, CancellationToken cancellationToken)
    {
        try
        {
            return await jira.CreateAsync(Issue(model, context), cancellationToken);
        }
        // Whether the ticket is there is not known: the next run looks when it would be found.
        catch (TransientFailureException e) when (e.RetryAfter is null)
        {
            throw Waiting(e.Message, lag, e);
        }
    }
}
