namespace PointWebhooks.Operations;

/// <summary>What a replay of dead events did.</summary>
/// <param name="Replayed">How many are open again.</param>
/// <param name="Skipped">How many were replayed by somebody else in the meantime.</param>
/// <param name="More">Whether dead events remain that the query names.</param>
public sealed record ReplayReport(int Replayed, int Skipped, bool More);
