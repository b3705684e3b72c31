using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>How an event is laid out in its row. Reading is strict about what must be there and forgives what need not.</summary>
internal static partial class LedgerRows
{
    /// <summary>Names the write that made the row what it is, so that a write whose answer was lost is recognized as done.</summary>
    public const string WriteId = nameof(WriteId);

    /// <summary>The hex SHA-256 of the body.</summary>
    public const string BodyHash = nameof(BodyHash);

    /// <summary>Everything but the body.</summary>
    public static readonly IReadOnlyList<string> ColumnsWithoutBody =
    [
        "PartitionKey", "RowKey", nameof(LedgerEvent.IdempotencyKey), nameof(LedgerEvent.Type), nameof(LedgerEvent.State),
        nameof(LedgerEvent.ReceivedAt), nameof(LedgerEvent.CheckAt), nameof(LedgerEvent.NotBefore), nameof(LedgerEvent.LeaseOwner),
        nameof(LedgerEvent.LeaseUntil), nameof(LedgerEvent.FinishedAt), nameof(LedgerEvent.Attempts), nameof(LedgerEvent.Done),
        nameof(LedgerEvent.GivenUp), nameof(LedgerEvent.WaitsFor), nameof(LedgerEvent.LastError), nameof(LedgerEvent.History), nameof(LedgerEvent.TraceParent),
        nameof(LedgerEvent.WorkspaceName), nameof(LedgerEvent.WorkspaceKind), WriteId, BodyHash,
    ];

    // The largest text property of a table, in UTF-16 characters.
    private const int MaxTextLength = 32 * 1024;

    /// <summary>The hash under which a body is remembered.</summary>
    public static string Hash(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>The columns that a change writes.</summary>
    public static TableEntity Changes(LedgerEvent ledgerEvent, string writeId) => new(ledgerEvent.Id.Partition, ledgerEvent.Id.Value)
    {
        [nameof(LedgerEvent.State)] = ledgerEvent.State.ToString(),
        [nameof(LedgerEvent.CheckAt)] = ledgerEvent.CheckAt,
        [nameof(LedgerEvent.NotBefore)] = ledgerEvent.NotBefore,
        [nameof(LedgerEvent.LeaseOwner)] = ledgerEvent.LeaseOwner ?? "",
        [nameof(LedgerEvent.LeaseUntil)] = ledgerEvent.LeaseUntil,
        [nameof(LedgerEvent.FinishedAt)] = ledgerEvent.FinishedAt,
        [nameof(LedgerEvent.Attempts)] = ledgerEvent.Attempts,
        [nameof(LedgerEvent.Done)] = string.Join('\n', ledgerEvent.Done),
        [nameof(LedgerEvent.GivenUp)] = string.Join('\n', ledgerEvent.GivenUp),
        [nameof(LedgerEvent.WaitsFor)] = string.Join('\n', ledgerEvent.WaitsFor),
        [nameof(LedgerEvent.LastError)] = Cut(ledgerEvent.LastError) ?? "",
        [nameof(LedgerEvent.History)] = Text(ledgerEvent.History),
        [WriteId] = writeId,
    };

    /// <summary>The whole row, as it is inserted.</summary>
    public static TableEntity Whole(LedgerEvent ledgerEvent, ReadOnlyMemory<byte> body, string writeId)
    {
        var row = Changes(ledgerEvent, writeId);
        row[nameof(LedgerEvent.IdempotencyKey)] = ledgerEvent.IdempotencyKey;
        row[nameof(LedgerEvent.Type)] = ledgerEvent.Type;
        row[nameof(LedgerEvent.ReceivedAt)] = ledgerEvent.ReceivedAt;
        row[nameof(LedgerEvent.TraceParent)] = ledgerEvent.TraceParent;
        row[nameof(LedgerEvent.WorkspaceName)] = Cut(ledgerEvent.WorkspaceName);
        row[nameof(LedgerEvent.WorkspaceKind)] = Cut(ledgerEvent.WorkspaceKind);
        row[BodyHash] = Hash(body.Span);
        BodyColumns.Write(row, body);
        return row;
    }

    /// <summary>What is left of an event whose content is gone: its address, about a hundred bytes.</summary>
    public static TableEntity Forgotten(EventId id, string writeId) => new(id.Partition, id.Value)
    {
        [nameof(LedgerEvent.State)] = nameof(EventState.Forgotten),
        [WriteId] = writeId,
    };

    /// <summary>Whether a row is one of an event whose content is gone.</summary>
    public static bool IsForgotten(TableEntity row) =>
        row.TryGetValue(nameof(LedgerEvent.State), out var state) && state is nameof(EventState.Forgotten);

    /// <summary>Reads a row that is not <see cref="IsForgotten"/>.</summary>
    /// <exception cref="FormatException">This version cannot read it; the message names the column.</exception>
    /// <param name="withBody">Whether it must have a body.</param>
    public static LedgerEvent ToEvent(TableEntity row, bool withBody = false)
    {
        var columns = new RowReader(row);
        var state = columns.State();
        var waitsFor = columns.Names(nameof(LedgerEvent.WaitsFor));
        var receivedAt = columns.Time(nameof(LedgerEvent.ReceivedAt)) ?? throw RowReader.Missing(nameof(LedgerEvent.ReceivedAt));
        var read = new LedgerEvent
        {
            IdempotencyKey = columns.Required(nameof(LedgerEvent.IdempotencyKey)),
            Type = columns.Required(nameof(LedgerEvent.Type)),
            State = state,
            ReceivedAt = receivedAt,
            CheckAt = columns.Time(nameof(LedgerEvent.CheckAt)) ?? receivedAt,
            WorkspaceName = columns.Text(nameof(LedgerEvent.WorkspaceName)),
            WorkspaceKind = columns.Text(nameof(LedgerEvent.WorkspaceKind)),
            // A merge leaves what is null as it was: what another state has set is not this one's.
            NotBefore = state == EventState.Retrying && waitsFor.Length == 0 ? columns.Time(nameof(LedgerEvent.NotBefore)) : null,
            LeaseOwner = state == EventState.Processing ? columns.Text(nameof(LedgerEvent.LeaseOwner)) : null,
            LeaseUntil = state == EventState.Processing ? columns.Time(nameof(LedgerEvent.LeaseUntil)) : null,
            FinishedAt = state is EventState.Completed or EventState.Dead ? columns.Time(nameof(LedgerEvent.FinishedAt)) : null,
            Attempts = columns.Number(nameof(LedgerEvent.Attempts)),
            Done = columns.Names(nameof(LedgerEvent.Done)),
            GivenUp = columns.Names(nameof(LedgerEvent.GivenUp)),
            WaitsFor = waitsFor,
            LastError = columns.Text(nameof(LedgerEvent.LastError)),
            TraceParent = columns.Text(nameof(LedgerEvent.TraceParent)),
            History = columns.History(),
            Body = columns.Body(withBody),
            ETag = row.ETag,
        };
        return read.Id.Value == row.RowKey ? read : throw new FormatException("Its type and key do not make its row key.");
    }

    // Errors may be long, and in any script: of a history that is too long for its property, the middle is left out.
    private static string Text(ImmutableArray<HistoryEntry> history)
    {
        while (true)
        {
            var text = JsonSerializer.Serialize(history, HistoryJson.Default.ImmutableArrayHistoryEntry);
            if (text.Length <= MaxTextLength)
                return text;
            history = history.RemoveAt(1);
        }
    }

    private static string? Cut(string? text) => text is { Length: > MaxTextLength } ? text[..MaxTextLength] : text;

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        UseStringEnumConverter = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(ImmutableArray<HistoryEntry>))]
    internal sealed partial class HistoryJson : JsonSerializerContext;
}
