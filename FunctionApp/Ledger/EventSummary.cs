namespace PointWebhooks.Ledger;

/// <summary>An event as a list shows it. Times are UTC.</summary>
/// <param name="IdempotencyKey">The vendor's key; null for a row that cannot be read.</param>
/// <param name="Type">Its type; null for a row that cannot be read.</param>
/// <param name="ReceivedAt">When it was received; null for a row that cannot be read.</param>
/// <param name="NextAttemptAt">When the next attempt begins, after one that failed.</param>
/// <param name="FinishedAt">When it was completed or given up on.</param>
/// <param name="Attempts">How many attempts have failed.</param>
/// <param name="Error">What the last failed attempt said, cut to 300 characters; or why the row cannot be read.</param>
/// <param name="ClaimedBy">The instance that claimed it last, and its version; null for one that none has claimed.</param>
/// <param name="ClaimedAt">When that was.</param>
internal sealed record EventSummary(
    string Id,
    string? IdempotencyKey,
    string? Type,
    EventState State,
    DateTimeOffset? ReceivedAt,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? FinishedAt,
    int Attempts,
    string? WorkspaceName,
    string? WorkspaceKind,
    string? Error,
    string? ClaimedBy = null,
    DateTimeOffset? ClaimedAt = null)
{
    private const int MaxText = 300;

    /// <summary>The paused handlers that it waits for; null of an event that waits for none.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>What the error has in common with those of other events: an id to filter by. Null without an error.</summary>
    public string? Cause => Error is null ? null : ErrorCause.IdOf(Error);

    internal static EventSummary Of(LedgerEvent ledgerEvent)
    {
        var claim = ledgerEvent.History.LastOrDefault(entry => entry is { State: EventState.Processing, Detail: null });
        return new EventSummary(
            ledgerEvent.Id.Value,
            ledgerEvent.IdempotencyKey,
            ledgerEvent.Type,
            ledgerEvent.State,
            ledgerEvent.ReceivedAt,
            ledgerEvent.NotBefore,
            ledgerEvent.FinishedAt,
            ledgerEvent.Attempts,
            Cut(ledgerEvent.WorkspaceName),
            Cut(ledgerEvent.WorkspaceKind),
            Cut(ledgerEvent.LastError),
            claim?.By,
            claim?.At)
        {
            WaitsFor = ledgerEvent.WaitsFor is { Length: > 0 } handlers ? handlers : null,
        };
    }

    internal static EventSummary Unreadable(EventId id, string why) =>
        new(id.Value, null, null, EventState.Unreadable, null, null, null, 0, null, null, why);

    private static string? Cut(string? text) => text?.Length > MaxText ? text[..MaxText] + "…" : text;
}
