namespace PointWebhooks.Ledger;

/// <summary>An event was changed by somebody else since it was read: the lease on it, if there was one, is gone.</summary>
public sealed class LeaseLostException(string idempotencyKey)
    : Exception($"The event '{idempotencyKey}' was taken over by another processor.");
