using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Microsoft.Extensions.Logging;
using PointWebhooks.Signatures;
using PointWebhooks.Storage;

namespace PointWebhooks.Receiving;

/// <summary>A request that could not be verified when it came.</summary>
/// <param name="Signature">The signature it claims to have.</param>
/// <param name="Body">Its body, unread.</param>
/// <param name="ReceivedAt">When it was received, in UTC.</param>
/// <param name="TraceParent">The <c>traceparent</c> that it came with, or null.</param>
internal sealed record QuarantinedRequest(
    string RowKey, ParsedSignature Signature, ReadOnlyMemory<byte> Body, DateTimeOffset ReceivedAt, string? TraceParent);

/// <summary>How much of the quarantine is in use.</summary>
internal readonly record struct QuarantineUsage(int Requests, long Bytes);

/// <summary>
/// The rows of the quarantine: a partition of their own, under one prefix while they wait for the key, under another one when they
/// could not be verified although the key was there.
/// </summary>
internal sealed partial class QuarantineStore(PointTable table, ILogger<QuarantineStore> logger)
{
    /// <summary>The partition of all of them.</summary>
    public const string Partition = "quarantine";

    /// <summary>The prefix of requests that wait for the key.</summary>
    public const string Waiting = "request|";

    /// <summary>The prefix of requests that no key verified.</summary>
    public const string Unverified = "unverified|";

    private const string ReceivedAt = nameof(ReceivedAt);
    private const string Hash = nameof(Hash);
    private const string Signature = nameof(Signature);
    private const string BodyLength = nameof(BodyLength);
    private const string TraceParent = nameof(TraceParent);

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    private readonly ReportedRows reported = new();

    /// <summary>Keeps a request. The same request has the same row, so that it takes its room once, however often it is sent.</summary>
    /// <returns>Whether it was not kept before, as far as is known.</returns>
    public async Task<bool> AddAsync(ParsedSignature signature, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt, string? traceParent)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(signature.Value);
        hash.AppendData(body.Span);
        var key = Waiting + Convert.ToHexStringLower(hash.GetHashAndReset());
        var request = new QuarantinedRequest(key, signature, body, receivedAt, traceParent);
        try
        {
            await table.WriteAsync([new TableTransactionAction(TableTransactionActionType.Add, Row(request))], Budget);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            // Sent again, or kept by this very write when its answer was lost.
            return false;
        }
    }

    /// <summary>Reads some of the requests under a prefix, none twice. A row that cannot be read stays, and is reported.</summary>
    /// <param name="prefix"><see cref="Waiting"/> or <see cref="Unverified"/>.</param>
    /// <param name="after">The last row key read before, or null.</param>
    /// <returns>The requests, and the last row key read, or null when there are no more.</returns>
    public async Task<(IReadOnlyList<QuarantinedRequest> Requests, string? Last)> ReadAsync(
        string prefix, string? after, int take, CancellationToken cancellationToken)
    {
        var from = after is null ? prefix : PointTable.After(after);
        var rows = await table.RangeAsync(Partition, from, PointTable.EndOf(prefix), take, null, Budget, cancellationToken);
        return ([.. rows.Select(Read).OfType<QuarantinedRequest>()], rows.Count == 0 ? null : rows[^1].RowKey);
    }

    /// <summary>How many requests there are under a prefix, up to a number.</summary>
    public async Task<QuarantineUsage> UsageAsync(string prefix, int most, TimeSpan budget, CancellationToken cancellationToken)
    {
        var rows = await table.RangeAsync(
            Partition, prefix, PointTable.EndOf(prefix), most, ["RowKey", BodyLength], budget, cancellationToken);
        return new QuarantineUsage(rows.Count, rows.Sum(row => (long)row.ValueOf<int>(BodyLength)));
    }

    /// <summary>Removes a request; one that is gone is removed already.</summary>
    public Task RemoveAsync(QuarantinedRequest request) => table.DeleteAsync(new RowAddress(Partition, request.RowKey), Budget);

    /// <summary>Moves a request that no key verified.</summary>
    public async Task MoveToUnverifiedAsync(QuarantinedRequest request)
    {
        var moved = request with { RowKey = Unverified + request.RowKey[Waiting.Length..] };
        try
        {
            await table.WriteAsync(
                [
                    new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(Partition, request.RowKey), ETag.All),
                    new TableTransactionAction(TableTransactionActionType.UpsertReplace, Row(moved)),
                ],
                Budget);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Done by another instance, or by this very write when its answer was lost.
        }
    }

    private static TableEntity Row(QuarantinedRequest request)
    {
        var row = new TableEntity(Partition, request.RowKey)
        {
            [ReceivedAt] = request.ReceivedAt,
            [Hash] = request.Signature.Hash.Name,
            [Signature] = request.Signature.Value.ToArray(),
            [TraceParent] = request.TraceParent,
        };
        BodyColumns.Write(row, request.Body);
        return row;
    }

    private QuarantinedRequest? Read(TableEntity row)
    {
        var request = Parse(row);
        if (request is null && reported.Add(new RowAddress(Partition, row.RowKey)))
            LogUnreadable(row.RowKey);
        return request;
    }

    private static QuarantinedRequest? Parse(TableEntity row)
    {
        try
        {
            return row.TryGetValue(Hash, out var hash) && hash is string name
                && row.TryGetValue(Signature, out var value) && value is byte[] signature
                && row.TryGetValue(ReceivedAt, out var at) && at is DateTimeOffset receivedAt
                && BodyColumns.Read(row) is { } body
                ? new QuarantinedRequest(
                    row.RowKey,
                    new ParsedSignature(new HashAlgorithmName(name), signature),
                    body,
                    receivedAt,
                    row.ValueOf<string>(TraceParent))
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    [LoggerMessage(35, LogLevel.Error, "This version cannot read the quarantined request '{RowKey}'; it stays in the quarantine.")]
    private partial void LogUnreadable(string rowKey);
}
