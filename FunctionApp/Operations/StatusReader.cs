using System.Reflection;
using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Registration;
using PointWebhooks.Storage;

namespace PointWebhooks.Operations;

/// <summary>Finds out how the app stands. Each part by itself and in little time: what does not answer must not hide the rest.</summary>
public sealed partial class StatusReader(
    EventLedger ledger,
    EventQueues queues,
    Quarantine quarantine,
    RegistrationLog registration,
    SignatureKeys keys,
    TimeProvider time,
    ILogger<StatusReader> logger)
{
    private const int Shown = 20;

    // An operator is waiting; the storage clients themselves would try for longer.
    private static readonly TimeSpan PartTimeout = TimeSpan.FromSeconds(3);

    private static readonly string Version =
        typeof(StatusReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Finds out how the app stands now.</summary>
    public async Task<StatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        var unknown = new List<UnknownPart>();
        var lastRun = PartAsync("registration", registration.ReadAsync, unknown, cancellationToken);
        var lengths = PartAsync("queues", queues.LengthsAsync, unknown, cancellationToken);
        var events = PartAsync("events", EventsAsync, unknown, cancellationToken);
        var quarantined = PartAsync("quarantine", async token => (int?)await quarantine.CountAsync(token), unknown, cancellationToken);
        await Task.WhenAll(lastRun, lengths, events, quarantined);
        return new StatusReport(
            time.GetUtcNow(), Version, await lastRun, keys.Status, await lengths, await events, await quarantined,
            [.. unknown.OrderBy(part => part.Part, StringComparer.Ordinal)]);
    }

    private async Task<EventCounts?> EventsAsync(CancellationToken cancellationToken)
    {
        var open = await ledger.OpenAsync(cancellationToken);
        var dead = await ledger.CountDeadAsync(cancellationToken);
        var completed = await ledger.ListAsync(EventState.Completed, null, Shown, null, cancellationToken);
        var latestDead = await ledger.ListAsync(EventState.Dead, null, Shown, null, cancellationToken);
        var latest = open.Latest.Concat(completed.Events).OrderByDescending(one => one.ReceivedAt).Take(Shown).ToList();
        return new EventCounts(
            open.Count, open.OldestReceivedAt, dead, Latest(latest.Concat(latestDead.Events)), latestDead.Events, latest);
    }

    private static DateTimeOffset? Latest(IEnumerable<EventSummary> events) => events.Max(one => (DateTimeOffset?)one.ReceivedAt);

    private async Task<T?> PartAsync<T>(
        string part, Func<CancellationToken, Task<T?>> read, List<UnknownPart> unknown, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(PartTimeout);
        try
        {
            return await read(timeout.Token);
        }
        catch (Exception e) when (StorageFailure.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            LogUnknown(e, part);
            var why = e is OperationCanceledException
                ? "The storage account did not answer in time."
                : "The storage account did not answer as it should; the log says more.";
            lock (unknown)
                unknown.Add(new UnknownPart(part, why));
            return default;
        }
    }

    [LoggerMessage(73, LogLevel.Warning, "The status cannot say anything of {Part}.")]
    private partial void LogUnknown(Exception exception, string part);
}
