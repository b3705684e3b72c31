namespace PointWebhooks.Ledger;

/// <summary>The answer to a claim.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Lease">The lease, when the event was claimed.</param>
public sealed record Claim(ClaimOutcome Outcome, EventLease? Lease = null);
