namespace PointWebhooks.Ledger;

/// <summary>One page of a listing.</summary>
/// <param name="Events">The events.</param>
/// <param name="Continuation">What to ask for the next page with, or null when this is the last.</param>
public sealed record EventPage(IReadOnlyList<EventSummary> Events, string? Continuation);
