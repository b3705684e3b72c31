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
        else if (HasJournal(change) && await HasNoteAsync(found, context, cancellationToken))
        {
            context.Report($"Had updated {found.Number}", link);
        }
        else
        {
            await serviceNow.UpdateAsync(options.Table, found.SysId, change, cancellationToken);
            context.Report(change["state"] is { } state ? $"Updated {found.Number}, state {state}" : $"Updated {found.Number}", link);
        }
    }

    /// <summary>Whether a change for an event leaves a note.</summary>
    public bool LeavesNote(EventModel model, EventContext context) => HasJournal(Change(model, context));

    /// <summary>
    /// Whether a record has the note of this handler about an event: as it shows its journals, else in the table of journals, since an
    /// account may be allowed to see either.
    /// </summary>
    public async Task<bool> HasNoteAsync(ServiceNowRecord found, EventContext context, CancellationToken cancellationToken)
    {
        var mark = options.Mark(context.EventId);
        return ServiceNowOptions.Journals.Any(field => found.Shown(field).Contains(mark, StringComparison.Ordinal))
            || (context.LastRunAt is not null && await serviceNow.HasEntryAsync(found.SysId, mark, cancellationToken));
    }

    /// <summary>The change as it is sent; empty when there is nothing to say.</summary>
    public JsonObject Change(EventModel model, EventContext context)
    {
        var change = new JsonObject();
        foreach (var (field, template) in options.Update)
        {
            if (template.Render(model) is { Length: > 0 } text)
                change[field] = ServiceNowOptions.Journals.Contains(field) ? $"{text}\n\nSyskit Point event {options.Mark(context.EventId)}" : text;
        }

        return change;
    }

    private static bool HasJournal(JsonObject change) => ServiceNowOptions.Journals.Any(change.ContainsKey);
}
