using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Receiving;

/// <summary>
/// Keeps well-signed-looking requests unread while the signature key is not to be had, so that a start during an outage of the
/// vendor's API loses nothing. Bounded over all instances: whoever has no key can fill it, and nothing more.
/// </summary>
public sealed partial class Quarantine(
    LedgerTable table, Instruments instruments, TimeProvider time, ILogger<Quarantine> logger) : IDisposable
{
    /// <summary>How many requests it holds.</summary>
    public const int MaxRequests = 1000;

    /// <summary>How many bytes of bodies it holds: 32 MiB.</summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    private const int MaxTries = 8;

    // While it is full, a flood must not become a flood of storage calls.
    private static readonly TimeSpan FullFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    // One at a time, because each counts on the same row.
    private readonly SemaphoreSlim writing = new(1);

    // In UTC ticks: written and read by many at once.
    private long fullUntil;

    /// <summary>Keeps a request if there is room.</summary>
    public async Task<Receipt> KeepAsync(ClaimedSignature claimed, ReadOnlyMemory<byte> body)
    {
        if (time.GetUtcNow().UtcTicks < Volatile.Read(ref fullUntil) || !await writing.WaitAsync(MaxWait))
            return Receipt.Of(Refusal.KeyUnavailable);

        try
        {
            return await TryKeepAsync(QuarantineRows.Request(claimed, body, time.GetUtcNow()), body.Length);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogNotKept(e);
            return Receipt.Of(Refusal.StorageUnavailable);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Whether another request of the usual size would be kept.</summary>
    public async Task<bool> HasRoomAsync(CancellationToken cancellationToken)
    {
        var (requests, bytes) = QuarantineRows.ToCount(await table.FindAsync(QuarantineRows.Count, null, cancellationToken));
        return requests < MaxRequests && bytes < MaxBytes;
    }

    /// <summary>How many requests it holds now.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken) =>
        QuarantineRows.ToCount(await table.FindAsync(QuarantineRows.Count, null, cancellationToken)).Requests;

    /// <summary>Reads some of the requests that are kept, none twice.</summary>
    /// <param name="after">The last row key read before, or null.</param>
    /// <param name="take">How many.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<QuarantinedRequest>> ReadAsync(string? after, int take, CancellationToken cancellationToken)
    {
        var from = after is null ? QuarantineRows.RequestPrefix : LedgerTable.After(after);
        var rows = await table.RangeAsync(
            QuarantineRows.Partition, from, IndexKey.EndOf(QuarantineRows.RequestPrefix), take, cancellationToken);
        return [.. rows.Select(QuarantineRows.ToRequest)];
    }

    /// <summary>Removes requests that need no keeping any more.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<QuarantinedRequest> settled, CancellationToken cancellationToken)
    {
        if (settled.Count == 0)
            return;

        var deletions = settled.Select(request => new TableTransactionAction(
            TableTransactionActionType.Delete, new TableEntity(QuarantineRows.Partition, request.RowKey), ETag.All)).ToList();
        for (var tried = 1; ; tried++)
        {
            var row = await table.FindAsync(QuarantineRows.Count, null, cancellationToken);
            var (requests, bytes) = QuarantineRows.ToCount(row);
            var count = QuarantineRows.WriteCount(row, requests - settled.Count, bytes - settled.Sum(request => (long)request.Body.Length));
            try
            {
                await table.WriteAsync([count, .. deletions], cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (e.Status == 412 && tried < MaxTries)
            {
                // A request was kept in the meantime.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => writing.Dispose();

    private async Task<Receipt> TryKeepAsync(TableEntity request, int length)
    {
        for (var tried = 0; tried < MaxTries; tried++)
        {
            var row = await table.FindAsync(QuarantineRows.Count, null, CancellationToken.None);
            var (requests, bytes) = QuarantineRows.ToCount(row);
            if (requests >= MaxRequests || bytes + length > MaxBytes)
            {
                Volatile.Write(ref fullUntil, (time.GetUtcNow() + FullFor).UtcTicks);
                LogFull(requests, bytes);
                return Receipt.Of(Refusal.KeyUnavailable);
            }

            try
            {
                await table.WriteAsync(
                    [QuarantineRows.WriteCount(row, requests + 1, bytes + length), new(TableTransactionActionType.Add, request)],
                    CancellationToken.None);
                instruments.Quarantined();
                LogQuarantined(requests + 1, MaxRequests);
                return Kept;
            }
            // Another instance has counted, or the request was kept before: sent again, or by this very write when its answer was lost.
            catch (RequestFailedException e) when (e.Status is 409 or 412)
            {
                var kept = await table.FindAsync(new LedgerKey(request.PartitionKey, request.RowKey), ["RowKey"], CancellationToken.None);
                if (kept is not null)
                    return Kept;
            }
        }

        return Receipt.Of(Refusal.StorageUnavailable);
    }

    private static Receipt Kept => Receipt.Of(new KeptEvent(KeptEvent.Quarantined, null));

    [LoggerMessage(
        6, LogLevel.Warning,
        "The signature key is not to be had: a request is kept unread until it can be verified ({Requests} of {MaxRequests}).")]
    private partial void LogQuarantined(int requests, int maxRequests);

    [LoggerMessage(
        7, LogLevel.Error,
        "The quarantine is full: {Requests} requests, {Bytes} bytes. Requests are answered 503 until the signature key can be fetched.")]
    private partial void LogFull(int requests, long bytes);

    [LoggerMessage(8, LogLevel.Error, "A request could not be kept until it can be verified: the storage does not answer as it should.")]
    private partial void LogNotKept(Exception exception);
}
