using System.Security.Cryptography;
using Azure.Data.Tables;
using PointWebhooks.Ledger;

namespace PointWebhooks.Receiving;

/// <summary>How the quarantine is laid out: one partition of the ledger's table, a row for each request and one that counts them.</summary>
internal static class QuarantineRows
{
    /// <summary>The row that counts.</summary>
    public static readonly LedgerKey Count = new(Partition, "count");

    /// <summary>The prefix of the rows of requests.</summary>
    public const string RequestPrefix = "request|";

    /// <summary>The partition.</summary>
    public const string Partition = "quarantine";

    private const string ReceivedAt = nameof(ReceivedAt);
    private const string Hash = nameof(Hash);
    private const string Signature = nameof(Signature);
    private const string Requests = nameof(Requests);
    private const string Bytes = nameof(Bytes);

    /// <summary>
    /// The row of a request. The same request has the same row, so that it takes its room once, however often it is sent.
    /// </summary>
    public static TableEntity Request(ClaimedSignature claimed, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(claimed.Value.Span);
        hash.AppendData(body.Span);
        var row = new TableEntity(Partition, RequestPrefix + Convert.ToHexStringLower(hash.GetHashAndReset()))
        {
            [ReceivedAt] = receivedAt,
            [Hash] = claimed.Hash.Name,
            [Signature] = claimed.Value.ToArray(),
        };
        BodyColumns.Write(row, body);
        return row;
    }

    /// <summary>Reads a row of a request.</summary>
    public static QuarantinedRequest ToRequest(TableEntity row) => new(
        row.RowKey,
        new ClaimedSignature(new HashAlgorithmName(row.GetString(Hash)), row.GetBinary(Signature)),
        BodyColumns.Read(row)!,
        row.GetDateTimeOffset(ReceivedAt)!.Value);

    /// <summary>What the counting row says; nothing when there is none.</summary>
    public static (int Requests, long Bytes) ToCount(TableEntity? row) =>
        row is null ? (0, 0) : (row.GetInt32(Requests) ?? 0, row.GetInt64(Bytes) ?? 0);

    /// <summary>Writes the counting row, on condition that it is as it was read.</summary>
    public static TableTransactionAction WriteCount(TableEntity? read, int requests, long bytes)
    {
        var row = new TableEntity(Count.PartitionKey, Count.RowKey) { [Requests] = Math.Max(0, requests), [Bytes] = Math.Max(0, bytes) };
        return read is null
            ? new TableTransactionAction(TableTransactionActionType.Add, row)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, read.ETag);
    }
}
