using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PointWebhooks.Signatures;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Receiving;

/// <summary>
/// Verifies again the requests whose signature matched no key while Syskit Point could not be asked whether its key had changed. Each
/// waits in memory, unread, until it can be asked; one that then proves authentic is accepted although its sender was refused, as soon as
/// storage takes it.
/// docs/security.md says why.
/// </summary>
internal sealed partial class DeferredVerification(
    SignatureKeys keys, EventAcceptor acceptor, TimeProvider time, ILogger<DeferredVerification> logger)
{
    /// <summary>How many bytes of bodies may wait. Bodies that are larger than <see cref="SmallBody"/> get half of it.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    /// <summary>How many requests may wait.</summary>
    public const int MaxRequests = 20_000;

    /// <summary>Events of Syskit Point are this large at most, in bytes: what is larger must not crowd them out.</summary>
    public const int SmallBody = 8 * 1024;

    /// <summary>How long a request waits in all.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    // What a request costs beside its body.
    private const int Overhead = 256;

    // Beside those that accepting itself takes.
    private static readonly TimeSpan PauseOfStorage = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly List<Waiting> waiting = [];
    private long bytes;
    private bool running;

    /// <summary>Takes a request if there is room, and returns at once.</summary>
    /// <param name="body">Its body, byte for byte as received.</param>
    public void Take(ParsedSignature signature, ReadOnlyMemory<byte> body)
    {
        lock (gate)
        {
            var limit = body.Length > SmallBody ? MaxBytes / 2 : MaxBytes;
            if (waiting.Count >= MaxRequests || bytes + body.Length + Overhead > limit)
                return;
            bytes += body.Length + Overhead;
            waiting.Add(new Waiting(signature, body, time.GetUtcNow(), keys.Asked, PointActivity.CurrentTraceParent));
            if (running)
                return;
            running = true;
        }

        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        // What it does belongs to none of the requests, least of all to the one that happened to start it.
        Activity.Current = null;
        while (true)
        {
            lock (gate)
            {
                running = waiting.Count > 0;
                if (!running)
                    return;
            }

            // A question that failed takes nothing from what an earlier one has told.
            var refreshed = await keys.RefreshWhenPossibleAsync() ?? keys.Known ?? [];
            var authentic = new List<Waiting>();
            foreach (var one in TakeDecided())
            {
                if (one.Signature.Matches(one.Body.Span, refreshed))
                    authentic.Add(one);
                else
                    Leave(one);
            }

            foreach (var one in authentic)
            {
                await AcceptAsync(one);
                Leave(one);
            }
        }
    }

    // An answer decides every request that came before it was asked for. They count until they leave.
    private List<Waiting> TakeDecided()
    {
        lock (gate)
        {
            var expired = time.GetUtcNow() - LongestWait;
            var decided = waiting.FindAll(one => one.Asked < keys.Answered || one.ReceivedAt < expired);
            waiting.RemoveAll(decided.ToHashSet(ReferenceEqualityComparer.Instance).Contains);
            return decided;
        }
    }

    private void Leave(Waiting one)
    {
        lock (gate)
            bytes -= one.Body.Length + Overhead;
    }

    private async Task AcceptAsync(Waiting one)
    {
        try
        {
            while (true)
            {
                var result = await acceptor.AcceptAsync(one.Body, one.ReceivedAt, one.TraceParent);
                if (result.Kept is { } kept)
                {
                    LogAuthentic(kept.Id!);
                    return;
                }

                // Storage that does not take this one takes none of the others.
                if (time.GetUtcNow() - one.ReceivedAt >= LongestWait)
                {
                    LogFailed(null);
                    return;
                }

                await Task.Delay(PauseOfStorage, time);
            }
        }
        // One that fails must not block the others.
        catch (Exception e)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(
        32, LogLevel.Warning, "A request that was refused while the signature key changed is authentic: event {PointEvent} is accepted after all.")]
    private partial void LogAuthentic(string pointEvent);

    [LoggerMessage(
        33, LogLevel.Error, "A request that was refused while the signature key changed is authentic, and could not be accepted.")]
    private partial void LogFailed(Exception? exception);

    private sealed record Waiting(
        ParsedSignature Signature, ReadOnlyMemory<byte> Body, DateTimeOffset ReceivedAt, long Asked, string? TraceParent);
}
