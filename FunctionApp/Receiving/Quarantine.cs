using Microsoft.Extensions.Logging;
using PointWebhooks.Signatures;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Receiving;

/// <summary>
/// Keeps requests with a well-formed signature unread while the signature key is not available, so that a start during an outage of
/// the vendor's API loses nothing. An attacker can fill it, not exceed it: its bounds hold over all instances, but for what they
/// keep within <see cref="UsageLifetime"/>.
/// </summary>
internal sealed partial class Quarantine(
    QuarantineStore store, PointMetrics metrics, TimeProvider time, ILogger<Quarantine> logger)
{
    /// <summary>How many requests it holds.</summary>
    public const int MaxRequests = 20_000;

    /// <summary>How many bytes of bodies it holds: 32 MiB, some ten thousands of usual events.</summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    /// <summary>How long an instance relies on what it last counted, and on what it kept itself since.</summary>
    public static readonly TimeSpan UsageLifetime = TimeSpan.FromSeconds(5);

    private const int UsualLength = 4 * 1024;

    private static readonly TimeSpan CountBudget = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly MinuteLimit keptLines = new(time);
    private readonly MinuteLimit fullLines = new(time);
    private readonly MinuteLimit failureLines = new(time);
    private Task<QuarantineUsage>? counting;
    private DateTimeOffset countedAt = DateTimeOffset.MinValue;
    private QuarantineUsage usage;

    /// <summary>Keeps a request if there is room.</summary>
    public async Task<ReceiveResult> KeepAsync(ParsedSignature signature, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (!await HasRoomAsync(body.Length))
                return ReceiveResult.Of(Refusal.KeyUnavailable);
            if (await store.AddAsync(signature, body, time.GetUtcNow(), PointActivity.CurrentTraceParent))
            {
                lock (gate)
                    usage = new QuarantineUsage(usage.Requests + 1, usage.Bytes + body.Length);
                metrics.Kept();
            }

            if (keptLines.LetsThrough())
                LogKept();
            return ReceiveResult.Of(new KeptResponse(KeptResponse.Quarantined, null, null));
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            if (failureLines.LetsThrough())
                LogNotKept(e);
            return ReceiveResult.Of(Refusal.StorageUnavailable);
        }
    }

    /// <summary>Whether another request would be kept.</summary>
    /// <param name="length">The length of its body, in bytes.</param>
    public async Task<bool> HasRoomAsync(int length = UsualLength)
    {
        var used = await UsageAsync();
        if (used.Requests < MaxRequests && used.Bytes + length <= MaxBytes)
            return true;
        if (fullLines.LetsThrough())
            LogFull(used.Requests, used.Bytes);
        return false;
    }

    // Requests that come meanwhile wait for the same count.
    private async Task<QuarantineUsage> UsageAsync()
    {
        Task<QuarantineUsage> count;
        lock (gate)
        {
            if (time.GetUtcNow() - countedAt < UsageLifetime)
                return usage;
            if (counting is null or { IsCompleted: true })
                counting = CountAsync();
            count = counting;
        }

        return await count;
    }

    private async Task<QuarantineUsage> CountAsync()
    {
        var counted = await store.UsageAsync(QuarantineStore.Waiting, MaxRequests, CountBudget, CancellationToken.None);
        lock (gate)
            (usage, countedAt) = (counted, time.GetUtcNow());
        return counted;
    }

    [LoggerMessage(6, LogLevel.Information, "The signature key is unavailable: requests are quarantined until they can be verified.")]
    private partial void LogKept();

    [LoggerMessage(
        7, LogLevel.Error,
        "The quarantine is full: {Requests} requests, {Bytes} bytes. Requests are answered 503 until the signature key can be fetched.")]
    private partial void LogFull(int requests, long bytes);

    [LoggerMessage(8, LogLevel.Error, "A request could not be quarantined: storage failed. Its sender was answered 503.")]
    private partial void LogNotKept(Exception exception);
}
