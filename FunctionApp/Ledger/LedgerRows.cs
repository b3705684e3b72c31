using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Data.Tables;

namespace PointWebhooks.Ledger;

/// <summary>How an event is laid out in its two rows: the event row with everything, the index row with what a list shows.</summary>
internal static class LedgerRows
{
    /// <summary>Names the write that made the row what it is, so that a write whose answer was lost is recognized as done.</summary>
    public const string WriteId = nameof(WriteId);

    /// <summary>The hex SHA-256 of the body.</summary>
    public const string BodyHash = nameof(BodyHash);

    /// <summary>Everything but the body.</summary>
    public static readonly IReadOnlyList<string> ColumnsWithoutBody =
    [
        "PartitionKey", "RowKey", nameof(LedgerEvent.IdempotencyKey), nameof(LedgerEvent.Type), nameof(LedgerEvent.State),
        nameof(LedgerEvent.ReceivedAt), nameof(LedgerEvent.DueAt), nameof(LedgerEvent.NotBefore), nameof(LedgerEvent.Attempts),
        nameof(LedgerEvent.Done), nameof(LedgerEvent.GivenUp), nameof(LedgerEvent.Owner), nameof(LedgerEvent.LastError),
        nameof(LedgerEvent.CompletedAt), nameof(LedgerEvent.History), nameof(LedgerEvent.TraceParent),
        WriteId, BodyHash,
    ];

    // The largest text property of a table, in UTF-16 characters.
    private const int MaxTextLength = 32 * 1024;

    /// <summary>The hash under which a body is remembered.</summary>
    public static string Hash(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>The columns that a change of state writes.</summary>
    public static TableEntity State(LedgerEvent ledgerEvent, string writeId)
    {
        var key = LedgerKey.Of(ledgerEvent.IdempotencyKey);
        return new TableEntity(key.PartitionKey, key.RowKey)
        {
            [nameof(LedgerEvent.State)] = ledgerEvent.State.ToString(),
            [nameof(LedgerEvent.DueAt)] = ledgerEvent.DueAt,
            [nameof(LedgerEvent.NotBefore)] = ledgerEvent.NotBefore,
            [nameof(LedgerEvent.Attempts)] = ledgerEvent.Attempts,
            [nameof(LedgerEvent.Done)] = string.Join('\n', ledgerEvent.Done),
            [nameof(LedgerEvent.GivenUp)] = string.Join('\n', ledgerEvent.GivenUp),
            [nameof(LedgerEvent.Owner)] = ledgerEvent.Owner ?? "",
            [nameof(LedgerEvent.LastError)] = ledgerEvent.LastError is { Length: > MaxTextLength } error
                ? error[..MaxTextLength]
                : ledgerEvent.LastError ?? "",
            [nameof(LedgerEvent.CompletedAt)] = ledgerEvent.CompletedAt,
            [nameof(LedgerEvent.History)] = Text(ledgerEvent.History),
            [WriteId] = writeId,
        };
    }

    /// <summary>The whole event row, as it is inserted.</summary>
    public static TableEntity Event(LedgerEvent ledgerEvent, ReadOnlyMemory<byte> body, string writeId)
    {
        var row = State(ledgerEvent, writeId);
        row[nameof(LedgerEvent.IdempotencyKey)] = ledgerEvent.IdempotencyKey;
        row[nameof(LedgerEvent.Type)] = ledgerEvent.Type;
        row[nameof(LedgerEvent.ReceivedAt)] = ledgerEvent.ReceivedAt;
        row[nameof(LedgerEvent.TraceParent)] = ledgerEvent.TraceParent ?? "";
        row[BodyHash] = Hash(body.Span);
        BodyColumns.Write(row, body);
        return row;
    }

    /// <summary>The index row.</summary>
    public static TableEntity Index(LedgerEvent ledgerEvent) => new(
        LedgerKey.Of(ledgerEvent.IdempotencyKey).PartitionKey, IndexKey.Of(ledgerEvent))
    {
        [nameof(LedgerEvent.IdempotencyKey)] = ledgerEvent.IdempotencyKey,
        [nameof(LedgerEvent.Type)] = ledgerEvent.Type,
        [nameof(LedgerEvent.State)] = ledgerEvent.State.ToString(),
        [nameof(LedgerEvent.ReceivedAt)] = ledgerEvent.ReceivedAt,
        [nameof(LedgerEvent.DueAt)] = ledgerEvent.DueAt,
        [nameof(LedgerEvent.Attempts)] = ledgerEvent.Attempts,
    };

    /// <summary>Reads an event row.</summary>
    public static LedgerEvent ToEvent(TableEntity row) => new()
    {
        IdempotencyKey = row.GetString(nameof(LedgerEvent.IdempotencyKey)),
        Type = row.GetString(nameof(LedgerEvent.Type)),
        State = StateOf(row),
        ReceivedAt = row.GetDateTimeOffset(nameof(LedgerEvent.ReceivedAt))!.Value,
        DueAt = row.GetDateTimeOffset(nameof(LedgerEvent.DueAt))!.Value,
        NotBefore = row.GetDateTimeOffset(nameof(LedgerEvent.NotBefore)),
        Attempts = row.GetInt32(nameof(LedgerEvent.Attempts)) ?? 0,
        Done = Names(row, nameof(LedgerEvent.Done)),
        GivenUp = Names(row, nameof(LedgerEvent.GivenUp)),
        Owner = NullIfEmpty(row.GetString(nameof(LedgerEvent.Owner))),
        LastError = NullIfEmpty(row.GetString(nameof(LedgerEvent.LastError))),
        TraceParent = NullIfEmpty(row.GetString(nameof(LedgerEvent.TraceParent))),
        // A replay cannot clear the column: a merge leaves what is null as it was.
        CompletedAt = StateOf(row) == EventState.Completed ? row.GetDateTimeOffset(nameof(LedgerEvent.CompletedAt)) : null,
        History = JsonSerializer.Deserialize(
            row.GetString(nameof(LedgerEvent.History)), LedgerJsonContext.Default.ImmutableArrayHistoryEntry),
        Body = BodyColumns.Read(row),
        ETag = row.ETag,
    };

    /// <summary>Reads an index row.</summary>
    public static EventSummary ToSummary(TableEntity row) => new(
        row.GetString(nameof(LedgerEvent.IdempotencyKey)),
        row.GetString(nameof(LedgerEvent.Type)),
        StateOf(row),
        row.GetDateTimeOffset(nameof(LedgerEvent.ReceivedAt))!.Value,
        row.GetDateTimeOffset(nameof(LedgerEvent.DueAt))!.Value,
        row.GetInt32(nameof(LedgerEvent.Attempts)) ?? 0);

    // Errors may be long, and in any script: of a history that is too long for its property, the middle is left out.
    private static string Text(ImmutableArray<HistoryEntry> history)
    {
        while (true)
        {
            var text = JsonSerializer.Serialize(history, LedgerJsonContext.Default.ImmutableArrayHistoryEntry);
            if (text.Length <= MaxTextLength)
                return text;
            history = history.RemoveAt(1);
        }
    }

    private static EventState StateOf(TableEntity row) => Enum.Parse<EventState>(row.GetString(nameof(LedgerEvent.State)));

    private static ImmutableArray<string> Names(TableEntity row, string column) =>
        [.. row.GetString(column).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
