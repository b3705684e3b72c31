using System.Text.Json.Nodes;
using PointWebhooks.Events;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>
/// Answers the record of a workspace, such as its request item, or opens an incident when a workspace could not be provisioned and resolves
/// it when it was after all. It acts on exactly one record, never on more.
/// </summary>
/// <param name="pointUrl">The address of Syskit Point, for templates.</param>
internal sealed class ServiceNowHandler(ServiceNowOptions options, ServiceNowClient serviceNow, WorkspaceTurns turns, string? pointUrl)
    : IDownstreamHandler
{
    /// <inheritdoc/>
    public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        var model = EventModel.Of(pointEvent, context, pointUrl);
        // Two events of a workspace at once would both find no record, and both open one.
        using var turn = await turns.TakeAsync(model.Text("workspaceId") ?? context.EventId, cancellationToken);
        var own = RecordId.Of(context.EventId, options.Table);
        var found = await FindAsync(model, cancellationToken);
        if (found?.SysId == own)
            context.Report($"Had opened {found.Number}", serviceNow.Link(options.Table, own));
        else if (found is not null)
            await UpdateAsync(found, model, context, cancellationToken);
        else if (Opens(pointEvent))
            await InsertAsync(own, model, context, cancellationToken);
        else
            context.Report("No record for this event");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Preview(PointEvent pointEvent, EventContext context)
    {
        var model = EventModel.Of(pointEvent, context, pointUrl);
        if (options.Query is { } query && EncodedQuery.Build(query.Render(model)) is { } built)
            yield return $"GET {options.Table} where {Open(built.Text)}";
        if (Change(model, context) is { Count: > 0 } change)
            yield return $"When one is found, PATCH {options.Table}: {change.ToJsonString(PreviewJson.Options)}";
        if (Opens(pointEvent))
            yield return $"When none is, POST {options.Table}: {Record(RecordId.Of(context.EventId, options.Table), model, context).ToJsonString(PreviewJson.Options)}";
    }

    private bool Opens(PointEvent pointEvent) => options.CreatedTypes.Contains(pointEvent.Type, StringComparer.OrdinalIgnoreCase);

    private string Open(string query) =>
        options.ClosedStates.Count == 0 ? query : $"{query}^stateNOT IN{string.Join(',', options.ClosedStates)}";

    private async Task<ServiceNowRecord?> FindAsync(EventModel model, CancellationToken cancellationToken)
    {
        if (options.Query is not { } template || EncodedQuery.Build(template.Render(model)) is not { } query)
            return null;
        var fields = ServiceNowOptions.AlwaysRead.Concat(query.Equalities.Select(one => one.Key));
        var found = await serviceNow.QueryAsync(options.Table, Open(query.Text), fields.Distinct(), cancellationToken);
        // The first of what a condition on an unknown field has let through is enough to know.
        if (found.Select(query.WhyNot).FirstOrDefault(why => why is not null) is { } wrong)
            throw new PermanentFailureException($"The table {options.Table} {wrong}: nothing was changed. Correct Query.");
        if (found.Count > 1)
        {
            throw new PermanentFailureException(
                $"The query finds more than one open record, such as {found[0].Number} and {found[1].Number}: none was touched.");
        }

        if (found.Count == 0)
            return null;
        return options.ClosedStates.Contains(found[0].Value("state") ?? "")
            ? throw new PermanentFailureException($"The table {options.Table} ignores the condition on state: nothing was changed. Set ClosedStates to nothing.")
            : found[0];
    }

    private async Task UpdateAsync(
        ServiceNowRecord found, EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        var link = serviceNow.Link(options.Table, found.SysId);
        var change = Change(model, context);
        if (change.Count == 0)
        {
            context.Report($"Nothing to do on {found.Number}", link);
            return;
        }

        // The note and the rest are one write: where the note is, all is done.
        if (ServiceNowOptions.Journals.Any(change.ContainsKey) && await HasNoteAsync(found, context, cancellationToken))
        {
            context.Report($"Had updated {found.Number}", link);
            return;
        }

        await serviceNow.UpdateAsync(options.Table, found.SysId, change, cancellationToken);
        context.Report(change.ContainsKey("state") ? $"Updated {found.Number}, state {change["state"]}" : $"Updated {found.Number}", link);
    }

    // As the record shows its journals, else in the table of journals: an account may be allowed to see either.
    private async Task<bool> HasNoteAsync(ServiceNowRecord found, EventContext context, CancellationToken cancellationToken) =>
        ServiceNowOptions.Journals.Any(field => found.Shown(field).Contains(context.EventId, StringComparison.Ordinal))
        || (context.LastRunAt is not null && await serviceNow.HasEntryAsync(found.SysId, context.EventId, cancellationToken));

    private JsonObject Change(EventModel model, EventContext context)
    {
        var change = new JsonObject();
        foreach (var (field, template) in options.Update)
        {
            if (template.Render(model) is { Length: > 0 } text)
                change[field] = ServiceNowOptions.Journals.Contains(field) ? $"{text}\n\nSyskit Point event {context.EventId}" : text;
        }

        return change;
    }

    private JsonObject Record(string sysId, EventModel model, EventContext context)
    {
        var record = new JsonObject
        {
            ["correlation_id"] = model.Text("workspaceId") ?? context.EventId,
            ["correlation_display"] = "Syskit Point",
        };
        foreach (var (field, template) in options.Created)
        {
            if (template.Render(model) is { Length: > 0 } text)
                record[field] = text;
        }

        record["sys_id"] = sysId;
        return record;
    }

    private async Task InsertAsync(string sysId, EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        var link = serviceNow.Link(options.Table, sysId);
        // Closed meanwhile, or not shown to the query: what this event has opened is opened once.
        if (context.LastRunAt is not null && await serviceNow.FindAsync(options.Table, sysId, cancellationToken) is { } earlier)
        {
            context.Report($"Had opened {earlier.Number}", link);
            return;
        }

        var (record, refusal) = await serviceNow.InsertAsync(options.Table, Record(sysId, model, context), cancellationToken);
        if (record is null)
        {
            var there = await serviceNow.FindAsync(options.Table, sysId, cancellationToken) ?? throw refusal!;
            context.Report($"Had opened {there.Number}", link);
            return;
        }

        if (record.SysId.Length > 0 && record.SysId != sysId)
        {
            throw new PermanentFailureException(
                $"ServiceNow opened {record.Number} under another sys_id than was asked for. Let the account write sys_id, else a repetition would open it twice.");
        }

        context.Report($"Opened {record.Number}", link);
    }
}
