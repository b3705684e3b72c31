namespace PointWebhooks.Handlers.Outgoing;

/// <summary>How a handler has done on this instance since it started.</summary>
/// <param name="Succeeded">How many runs have succeeded.</param>
/// <param name="Failed">How many have failed; one that was told to stop is none of them.</param>
/// <param name="Circuit">
/// <c>closed</c>: it is called. <c>open</c>: most of its last calls failed, and it is left alone. <c>trying</c>: one call tries.
/// <c>held</c>: its system has asked to be left alone. Null for a handler without limits.
/// </param>
internal sealed record HandlerHealth(string Name, long Succeeded, long Failed, string? Circuit)
{
    /// <summary>How many of a hundred runs have succeeded; null when there was none.</summary>
    public double? SuccessRate => Succeeded + Failed == 0 ? null : Math.Floor(1000.0 * Succeeded / (Succeeded + Failed)) / 10;
}
