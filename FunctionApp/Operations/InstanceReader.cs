using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.PointApi;
using PointWebhooks.Receiving;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Operations;

/// <summary>Says what only this instance knows; it reads nothing from storage.</summary>
internal sealed class InstanceReader(
    InstanceStart start, RefusalLog refusals, HandlerGates gates, IEnumerable<HandlerRegistration> handlers, PointApiClient point)
{
    public InstanceStatus Read() => new(
        AppInstance.Name,
        start.At,
        point.LastCall,
        [
            .. refusals.Counted.Select(one => new RefusedRequests(
                one.Refusal.Reason, one.Refusal.Status, one.Count, one.LastAt, RefusalAdvice.Of(one.Refusal))),
        ],
        [.. handlers.Select(gates.HealthOf)]);
}
