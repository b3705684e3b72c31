using System.Reflection;
using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Registration;
using PointWebhooks.Signatures;
using PointWebhooks.Storage;

namespace PointWebhooks.Operations;

/// <summary>Reads the status. Each part has its own time limit: one that does not answer must not hide the rest.</summary>
internal sealed partial class StatusReader(
    LedgerListing listing,
    EventQueues queues,
    QuarantineProcessor quarantine,
    RegistrationStore registration,
    SignatureKeys keys,
    TimeProvider time,
    ILogger<StatusReader> logger)
{
    private const int Shown = 20;

    // An operator is waiting; the storage clients themselves would try for longer.
    private static readonly TimeSpan PartTimeout = TimeSpan.FromSeconds(3);

    private static readonly string Version =
        typeof(StatusReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Reads the status as of now.</summary>
    public async Task<StatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        var unknown = new List<UnknownPart>();
        var lastRun = PartAsync("registration", registration.ReadAsync, unknown, cancellationToken);
        var lengths = PartAsync("queues", async token => (IReadOnlyList<QueueLength>?)await queues.LengthsAsync(token), unknown, cancellationToken);
        var events = PartAsync("events", EventsAsync, unknown, cancellationToken);
        var quarantined = PartAsync("quarantine", QuarantinedAsync, unknown, cancellationToken);
        await Task.WhenAll(lastRun, lengths, events, quarantined);
        return new StatusReport(
            time.GetUtcNow(), Version, await lastRun, keys.Status, await lengths, await events, await quarantined,
            [.. unknown.OrderBy(part => part.Part, StringComparer.Ordinal)]);
    }

    private async Task<QuarantineCounts?> QuarantinedAsync(CancellationToken cancellationToken) => new(
        (await quarantine.UsageAsync(QuarantineStore.Waiting, cancellationToken)).Requests,
        (await quarantine.UsageAsync(QuarantineStore.Unverified, cancellationToken)).Requests);

    private async Task<EventCounts?> EventsAsync(CancellationToken cancellationToken)
    {
        var open = await listing.OpenRowsAsync(cancellationToken);
        var dead = await listing.CountAsync(EventIndex.Dead, cancellationToken);
        var latestDead = await listing.ListAsync(new EventFilter(EventState.Dead), Shown, null, cancellationToken);
        var completed = await listing.ListAsync(new EventFilter(EventState.Completed), Shown, null, cancellationToken);
        var latestOpen = await listing.ShowLatestAsync(open, Shown, cancellationToken);
        var latest = latestOpen.Concat(completed.Events).OrderByDescending(one => one.ReceivedAt).Take(Shown).ToList();
        return new EventCounts(
            open.Count,
            open.Min(EventIndex.ReceivedAtOf),
            dead,
            latest.Concat(latestDead.Events).Max(one => one.ReceivedAt),
            latestDead.Events,
            latest);
    }

    private async Task<T?> PartAsync<T>(
        string part, Func<CancellationToken, Task<T?>> read, List<UnknownPart> unknown, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(PartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await read(either.Token);
        }
        catch (Exception e) when ((StorageFailure.Is(e) || e is OperationCanceledException) && !cancellationToken.IsCancellationRequested)
        {
            LogUnknown(e, part);
            var why = e is OperationCanceledException or TimeoutException
                ? "The storage account did not answer in time."
                : "The storage account failed. See the application log.";
            lock (unknown)
                unknown.Add(new UnknownPart(part, why));
            return default;
        }
    }

    [LoggerMessage(73, LogLevel.Warning, "The status of {Part} is unavailable.")]
    private partial void LogUnknown(Exception exception, string part);
}
