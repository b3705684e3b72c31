namespace PointWebhooks.Ledger;

/// <summary>An event as a list shows it. Times are UTC.</summary>
/// <param name="IdempotencyKey">The vendor's key; null for a row that cannot be read.</param>
/// <param name="Type">Its type; null for a row that cannot be read.</param>
/// <param name="ReceivedAt">When it was received; null for a row that cannot be read.</param>
/// <param name="NextAttemptAt">When the next attempt begins, after one that failed.</param>
/// <param name="FinishedAt">When it was completed or given up on.</param>
/// <param name="Attempts">How many attempts have failed.</param>
/// <param name="Error">What the last failed attempt said, cut to 300 characters; or why the row cannot be read.</param>
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
    string? Error)
{
    private const int MaxText = 300;

    /// <summary>The paused handlers that it waits for; null of an event that waits for none.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>What the error has in common with those of other events: an id to filter by. Null without an error.</summary>
    public string? Cause => Error is null ? null : ErrorCause.IdOf(Error);

    internal static EventSummary Of(LedgerEvent ledgerEvent) => new(
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
        Cut(ledgerEvent.LastError))
    {
        WaitsFor = ledgerEvent.WaitsFor is { Length: > 0 } handlers ? handlers : null,
    };

    internal static EventSummary Unreadable(EventId id, string why) =>
        new(id.Value, null, null, EventState.Unreadable, null, null, null, 0, null, null, why);

    private static string? Cut(string? text) => text?.Length > MaxText ? text[..MaxText] + "…" : text;
}
