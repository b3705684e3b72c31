using System.Collections.Immutable;
using Azure;

namespace PointWebhooks.Ledger;

/// <summary>One step of an event's life.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="State">The state the event entered or was in.</param>
/// <param name="Detail">The handler that finished and what it did, the error of an attempt, or null.</param>
/// <param name="Link">Where a person can see what it did, or null.</param>
/// <param name="By">The instance that claimed it and its version, or who asked for the step where that is known; or null.</param>
/// <param name="Took">How long the handler took, in milliseconds, or null.</param>
internal sealed record HistoryEntry(
    DateTimeOffset At, EventState State, string? Detail = null, string? Link = null, string? By = null, long? Took = null);

/// <summary>An event as the ledger knows it. All times are UTC, in whole milliseconds.</summary>
internal sealed record LedgerEvent
{
    /// <summary>
    /// How many steps the history keeps: enough for the whole retry schedule; an event that is replayed again and again must not outgrow
    /// its row.
    /// </summary>
    public const int MaxHistory = 50;

    private const int MaxDetail = 500;

    /// <summary>Made of its type and key.</summary>
    public EventId Id => EventId.Of(Type, IdempotencyKey);

    public required string IdempotencyKey { get; init; }

    public required string Type { get; init; }

    public required EventState State { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When the relay next looks at it, unless it is finished before.</summary>
    public required DateTimeOffset CheckAt { get; init; }

    /// <summary>The name of its workspace, for operators.</summary>
    public string? WorkspaceName { get; init; }

    public string? WorkspaceKind { get; init; }

    /// <summary>When the next attempt may begin; only in state <see cref="EventState.Retrying"/>.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Who holds the lease: a new id for each claim.</summary>
    public string? LeaseOwner { get; init; }

    /// <summary>When the lease ends; only in state <see cref="EventState.Processing"/>.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>When it was completed or given up on; null while it is open.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How many attempts have failed.</summary>
    public int Attempts { get; init; }

    /// <summary>The names of the handlers that have finished.</summary>
    public ImmutableArray<string> Done { get; init; } = [];

    /// <summary>The names of the handlers that have given up on it for good; a replay runs them again.</summary>
    public ImmutableArray<string> GivenUp { get; init; } = [];

    /// <summary>
    /// The names of the paused handlers that it waits for: nothing else is to be done about it. Empty of any other event.
    /// </summary>
    public ImmutableArray<string> WaitsFor { get; init; } = [];

    /// <summary>What the last failed attempt said.</summary>
    public string? LastError { get; init; }

    /// <summary>The W3C trace context of the request that brought it, or null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What happened so far, oldest first; of a very long one the middle is missing.</summary>
    public ImmutableArray<HistoryEntry> History { get; init; } = [];

    /// <summary>The body as received, or null when it was not asked for.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The version of the row this was read from or written as.</summary>
    public ETag ETag { get; init; }

    /// <summary>Whether something is still to be done about it.</summary>
    public bool IsOpen => State is EventState.Received or EventState.Processing or EventState.Retrying;

    public bool IsLeasedAt(DateTimeOffset now) => State == EventState.Processing && LeaseUntil > now;

    /// <summary>This event with one more step in its history.</summary>
    public LedgerEvent Noting(
        DateTimeOffset at, string? detail = null, string? link = null, string? by = null, TimeSpan? took = null)
    {
        var kept = History.Length < MaxHistory ? History : History.RemoveAt(1);
        return this with
        {
            History = kept.Add(new HistoryEntry(
                at,
                State,
                detail?.Length > MaxDetail ? detail[..MaxDetail] + "…" : detail,
                // Half a link leads nowhere.
                link?.Length > MaxDetail ? null : link,
                by,
                took is { } time ? (long)time.TotalMilliseconds : null)),
        };
    }
}
