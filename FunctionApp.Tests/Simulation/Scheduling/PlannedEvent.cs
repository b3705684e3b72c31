namespace PointWebhooks.Tests.Simulation.Scheduling;

/// <summary>Something that is to happen on a <see cref="Timeline"/>.</summary>
/// <param name="owner">The process without which it does not happen, or null.</param>
/// <param name="happen">What happens.</param>
internal sealed class PlannedEvent(SimulatedProcess? owner, Action happen)
{
    public SimulatedProcess? Owner => owner;

    public Action Happen => happen;

    public bool IsCancelled { get; private set; }

    /// <summary>Keeps it from happening.</summary>
    public void Cancel() => IsCancelled = true;
}
