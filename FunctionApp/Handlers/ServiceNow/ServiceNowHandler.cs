using PointWebhooks.Events;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Templates;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>
/// Answers the record of a workspace, such as its request item, or opens an incident when a workspace could not be provisioned and resolves
/// it when it was after all. It acts on exactly one record, never on more.
/// </summary>
/// <param name="pointUrl">The address of Syskit Point, for templates.</param>
internal sealed class ServiceNowHandler(ServiceNowOptions options, ServiceNowClient serviceNow, WorkspaceTurns turns, string? pointUrl)
    : IDownstreamHandler
{
    private readonly RecordFinder finder = new(options, serviceNow);
    private readonly RecordUpdate update = new(options, serviceNow);
    private readonly RecordCreation creation = new(options, serviceNow);

    /// <inheritdoc/>
    public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        var model = EventModel.Of(pointEvent, context, pointUrl);
        // Two events of a workspace at once would both find no record, and both open one.
        using var turn = await turns.TakeAsync(model.Text("workspaceId") ?? context.EventId, cancellationToken);
        var found = await finder.FindAsync(model, cancellationToken);
        if (found?.SysId == options.RecordId(context.EventId))
            context.Report($"Had opened {found.Number}", serviceNow.Link(options.Table, found.SysId));
        // A run before this one may have closed its record, and one of a later event may be open by now.
        else if (await UpdatedAsync(model, context, cancellationToken) is { } updated)
            context.Report($"Had updated {updated.Number}", serviceNow.Link(options.Table, updated.SysId));
        else if (found is not null && Opens(pointEvent) && await creation.EarlierAsync(context, cancellationToken) is { } opened)
            context.Report($"Had opened {opened.Number}", serviceNow.Link(options.Table, opened.SysId));
        else if (found is not null)
            await update.RunAsync(found, model, context, cancellationToken);
        else if (Opens(pointEvent))
            await creation.RunAsync(model, context, cancellationToken);
        else
            context.Report("No record for this event");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Preview(PointEvent pointEvent, EventContext context)
    {
        var model = EventModel.Of(pointEvent, context, pointUrl);
        if (finder.Query(model) is { } query)
            yield return $"GET {options.Table} where {query.Text}";
        if (update.Change(model, context) is { Count: > 0 } change)
            yield return $"When one is found, PATCH {options.Table}: {change.ToJsonString(PreviewJson.Options)}";
        if (Opens(pointEvent))
            yield return $"When none is, POST {options.Table}: {creation.Record(model, context).ToJsonString(PreviewJson.Options)}";
    }

    // The record that an earlier run has changed, maybe closed by now, where this account may see its journals; else null.
    private async Task<ServiceNowRecord?> UpdatedAsync(EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        if (context.LastRunAt is null || !update.LeavesNote(model, context))
            return null;
        foreach (var record in await finder.LatestAsync(model, cancellationToken))
        {
            if (await update.HasNoteAsync(record, context, cancellationToken))
                return record;
        }

        return null;
    }

    private bool Opens(PointEvent pointEvent) => EventTypeList.Has(options.CreatedTypes, pointEvent.Type);
}
