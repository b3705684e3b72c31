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
        nameof(LedgerEvent.ReceivedAt), nameof(LedgerEvent.DueAt), nameof(LedgerEvent.Attempts), nameof(LedgerEvent.Done),
        nameof(LedgerEvent.Owner), nameof(LedgerEvent.LastError), nameof(LedgerEvent.CompletedAt), nameof(LedgerEvent.History),
        WriteId, BodyHash,
    ];

    // The largest binary property of a table.
    private const int ChunkSize = 64 * 1024;
    private const string BodyLength = nameof(BodyLength);

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
            [nameof(LedgerEvent.Attempts)] = ledgerEvent.Attempts,
            [nameof(LedgerEvent.Done)] = string.Join('\n', ledgerEvent.Done),
            [nameof(LedgerEvent.Owner)] = ledgerEvent.Owner ?? "",
            [nameof(LedgerEvent.LastError)] = ledgerEvent.LastError ?? "",
            [nameof(LedgerEvent.CompletedAt)] = ledgerEvent.CompletedAt,
            [nameof(LedgerEvent.History)] = JsonSerializer.Serialize(ledgerEvent.History, LedgerJsonContext.Default.ImmutableArrayHistoryEntry),
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
        row[BodyHash] = Hash(body.Span);
        row[BodyLength] = body.Length;
        for (var start = 0; start < body.Length; start += ChunkSize)
            row[BodyChunk(start)] = body.Slice(start, Math.Min(ChunkSize, body.Length - start)).ToArray();
        return row;
    }

    /// <summary>The index row.</summary>
    public static TableEntity Index(LedgerEvent ledgerEvent) => new(LedgerKey.Of(ledgerEvent.IdempotencyKey).PartitionKey, IndexKey.Of(ledgerEvent))
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
        State = Enum.Parse<EventState>(row.GetString(nameof(LedgerEvent.State))),
        ReceivedAt = row.GetDateTimeOffset(nameof(LedgerEvent.ReceivedAt))!.Value,
        DueAt = row.GetDateTimeOffset(nameof(LedgerEvent.DueAt))!.Value,
        Attempts = row.GetInt32(nameof(LedgerEvent.Attempts)) ?? 0,
        Done = [.. row.GetString(nameof(LedgerEvent.Done)).Split('\n', StringSplitOptions.RemoveEmptyEntries)],
        Owner = NullIfEmpty(row.GetString(nameof(LedgerEvent.Owner))),
        LastError = NullIfEmpty(row.GetString(nameof(LedgerEvent.LastError))),
        CompletedAt = row.GetDateTimeOffset(nameof(LedgerEvent.CompletedAt)),
        History = JsonSerializer.Deserialize(row.GetString(nameof(LedgerEvent.History)), LedgerJsonContext.Default.ImmutableArrayHistoryEntry),
        Body = Body(row),
        ETag = row.ETag,
    };

    /// <summary>Reads an index row.</summary>
    public static EventSummary ToSummary(TableEntity row) => new(
        row.GetString(nameof(LedgerEvent.IdempotencyKey)),
        row.GetString(nameof(LedgerEvent.Type)),
        Enum.Parse<EventState>(row.GetString(nameof(LedgerEvent.State))),
        row.GetDateTimeOffset(nameof(LedgerEvent.ReceivedAt))!.Value,
        row.GetDateTimeOffset(nameof(LedgerEvent.DueAt))!.Value,
        row.GetInt32(nameof(LedgerEvent.Attempts)) ?? 0);

    private static byte[]? Body(TableEntity row)
    {
        if (row.GetInt32(BodyLength) is not { } length)
            return null;

        var body = new byte[length];
        for (var start = 0; start < length; start += ChunkSize)
            row.GetBinary(BodyChunk(start)).CopyTo(body.AsSpan(start));
        return body;
    }

    private static string BodyChunk(int start) => $"Body{start / ChunkSize}";

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
