using System.Collections.Immutable;
using Azure;

namespace PointWebhooks.Ledger;

/// <summary>An event as the ledger knows it.</summary>
public sealed record LedgerEvent
{
    // Enough for the whole retry schedule; an event that is replayed for ever must not outgrow its row.
    private const int MaxHistory = 50;
    private const int MaxDetail = 500;

    /// <summary>The key that makes the event one and the same, however often it is sent.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>The event's type.</summary>
    public required string Type { get; init; }

    /// <summary>How far it got.</summary>
    public required EventState State { get; init; }

    /// <summary>When it was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>
    /// When it deserves a look if nothing happens before: its message should have arrived, its lease ends, its next attempt is
    /// late. For a finished event, when it finished.
    /// </summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>
    /// When the next attempt may begin, after one that failed; of no meaning in another state than
    /// <see cref="EventState.Retrying"/>.
    /// </summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>How many attempts have failed.</summary>
    public int Attempts { get; init; }

    /// <summary>The names of the handlers that have finished.</summary>
    public ImmutableArray<string> Done { get; init; } = [];

    /// <summary>The names of the handlers that have given up on it for good; a replay runs them again.</summary>
    public ImmutableArray<string> GivenUp { get; init; } = [];

    /// <summary>Who holds the lease, or held the last one: a new id for each claim.</summary>
    public string? Owner { get; init; }

    /// <summary>What the last failed attempt said.</summary>
    public string? LastError { get; init; }

    /// <summary>The W3C trace context of the request that brought it, or null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>When every handler had finished.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What happened so far, oldest first; of a very long one the middle is missing.</summary>
    public ImmutableArray<HistoryEntry> History { get; init; } = [];

    /// <summary>The body as received, or null when it was not asked for.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The version of the row this was read from or written as.</summary>
    public ETag ETag { get; init; }

    /// <summary>Whether something is still to be done about it.</summary>
    public bool IsOpen => State is EventState.Received or EventState.Processing or EventState.Retrying;

    /// <summary>This event with one more step in its history.</summary>
    public LedgerEvent Noting(DateTimeOffset at, string? detail = null)
    {
        var kept = History.Length < MaxHistory ? History : History.RemoveAt(1);
        return this with
        {
            History = kept.Add(new HistoryEntry(at, State, detail?.Length > MaxDetail ? detail[..MaxDetail] + "…" : detail)),
        };
    }
}
