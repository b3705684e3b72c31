using System.Text.Json.Nodes;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>Changes a record that was found, in one write that leaves its mark in a journal.</summary>
internal sealed class RecordUpdate(ServiceNowOptions options, ServiceNowClient serviceNow)
{
    public async Task RunAsync(ServiceNowRecord found, EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        var change = Change(model, context);
        var link = serviceNow.Link(options.Table, found.SysId);
        if (change.Count == 0)
        {
            context.Report($"Nothing to do on {found.Number}", link);
        }
        // The note and the rest are one write: where the note is, all is done.
        else if (ServiceNowOptions.Journals.Any(change.ContainsKey) && await HasNoteAsync(found, context, cancellationToken))
        {
            context.Report($"Had updated {found.Number}", link);
        }
        else
        {
            await serviceNow.UpdateAsync(options.Table, found.SysId, change, cancellationToken);
            context.Report(change["state"] is { } state ? $"Updated {found.Number}, state {state}" : $"Updated {found.Number}", link);
        }
    }

    /// <summary>The record that an earlier run has left its note in, where this account may see that; else null.</summary>
    public async Task<string?> UpdatedAsync(EventModel model, EventContext context, CancellationToken cancellationToken) =>
        context.LastRunAt is not null && ServiceNowOptions.Journals.Any(Change(model, context).ContainsKey)
            ? await serviceNow.FindEntryAsync(null, context.EventId, cancellationToken)
            : null;

    /// <summary>The change as it is sent; empty when there is nothing to say.</summary>
    public JsonObject Change(EventModel model, EventContext context)
    {
        var change = new JsonObject();
        foreach (var (field, template) in options.Update)
        {
            if (template.Render(model) is { Length: > 0 } text)
                change[field] = ServiceNowOptions.Journals.Contains(field) ? $"{text}\n\nSyskit Point event {context.EventId}" : text;
        }

        return change;
    }

    // As the record shows its journals, else in the table of journals: an account may be allowed to see either.
    private async Task<bool> HasNoteAsync(ServiceNowRecord found, EventContext context, CancellationToken cancellationToken) =>
        ServiceNowOptions.Journals.Any(field => found.Shown(field).Contains(context.EventId, StringComparison.Ordinal))
        || (context.LastRunAt is not null && await serviceNow.FindEntryAsync(found.SysId, context.EventId, cancellationToken) is not null);
}
