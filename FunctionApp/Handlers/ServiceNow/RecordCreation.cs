using System.Text.Json.Nodes;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>Opens a record, once: under an id of which the database takes one.</summary>
internal sealed class RecordCreation(ServiceNowOptions options, ServiceNowClient serviceNow)
{
    public async Task RunAsync(EventModel model, EventContext context, CancellationToken cancellationToken)
    {
        var sysId = options.RecordId(context.EventId);
        // Closed meanwhile, or not shown to the query: what this event has opened is opened once.
        var earlier = await EarlierAsync(context, cancellationToken);
        var (record, refusal) = earlier is null
            ? await serviceNow.InsertAsync(options.Table, Record(model, context), cancellationToken)
            : (null, null);
        if (record is null)
        {
            earlier ??= await serviceNow.FindAsync(options.Table, sysId, cancellationToken) ?? throw refusal!;
            context.Report($"Had opened {earlier.Number}", serviceNow.Link(options.Table, sysId));
            return;
        }

        if (record.SysId.Length > 0 && record.SysId != sysId)
        {
            throw new PermanentFailureException(
                $"ServiceNow opened {record.Number} under another sys_id than was asked for. "
                + "Let the account write sys_id, else a repetition would open it twice.");
        }

        context.Report($"Opened {record.Number}", serviceNow.Link(options.Table, sysId));
    }

    /// <summary>The record that an earlier run for an event has opened, whatever its state; null when there was no run or no record.</summary>
    public async Task<ServiceNowRecord?> EarlierAsync(EventContext context, CancellationToken cancellationToken) =>
        context.LastRunAt is null ? null : await serviceNow.FindAsync(options.Table, options.RecordId(context.EventId), cancellationToken);

    /// <summary>The record as it is sent.</summary>
    public JsonObject Record(EventModel model, EventContext context)
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

        record["sys_id"] = options.RecordId(context.EventId);
        return record;
    }
}
