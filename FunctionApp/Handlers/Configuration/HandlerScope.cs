using PointWebhooks.Events;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.Configuration;

/// <summary>Which events a handler wants.</summary>
/// <param name="EventTypes">The types, or <c>*</c> alone for all, those of the future included.</param>
/// <param name="WorkspaceKinds">The kinds of workspace; empty for all, and for events that name none.</param>
internal sealed record HandlerScope(IReadOnlyList<string> EventTypes, IReadOnlyList<WorkspaceKind> WorkspaceKinds)
{
    public bool Wants(PointEvent pointEvent) =>
        EventTypeList.Has(EventTypes, pointEvent.Type)
        && (WorkspaceKinds.Count == 0 || (pointEvent is ProvisioningEvent { Kind: { } kind } && WorkspaceKinds.Contains(kind)));
}
