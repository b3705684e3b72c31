using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>The answer to a replay of one event.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="IdempotencyKey">The event's key.</param>
/// <param name="State">The state it is in now.</param>
public sealed record ReplayAnswer(ReplayOutcome Outcome, string IdempotencyKey, EventState State);
