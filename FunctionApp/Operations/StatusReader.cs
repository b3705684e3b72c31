using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Registration;
using PointWebhooks.Signatures;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Operations;

/// <summary>Reads the status. Each part has its own time limit: one that does not answer must not hide the rest.</summary>
internal sealed class StatusReader(
    LedgerListing listing,
    EventQueues queues,
    QuarantineProcessor quarantine,
    RegistrationStore registration,
    SignatureKeys keys,
    LedgerDay day,
    InstanceReader instance,
    HandlerOperations handlers,
    PartReader parts,
    TimeProvider time)
{
    private const int Shown = 20;

    /// <summary>Reads the status as of now.</summary>
    public async Task<StatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        var unknown = new List<UnknownPart>();
        var (table, queue) = ((long?)null, (long?)null);
        var lastRun = parts.ReadAsync("registration", Timed(registration.ReadAsync, took => table = took), unknown, cancellationToken);
        var lengths = parts.ReadAsync(
            "queues",
            Timed(async token => (IReadOnlyList<QueueLength>?)await queues.LengthsAsync(token), took => queue = took),
            unknown,
            cancellationToken);
        var events = parts.ReadAsync("events", EventsAsync, unknown, cancellationToken);
        var quarantined = parts.ReadAsync("quarantine", QuarantinedAsync, unknown, cancellationToken);
        var states = parts.ReadAsync(
            "handlers", async token => (IReadOnlyList<HandlerState>?)await handlers.ListAsync(token), unknown, cancellationToken);
        await Task.WhenAll(lastRun, lengths, events, quarantined, states);
        return new StatusReport(
            time.GetUtcNow(), AppInstance.Version, await lastRun, keys.Status, await lengths, await events, await quarantined,
            new StorageLatency(table, queue), instance.Read(),
            [.. unknown.OrderBy(part => part.Part, StringComparer.Ordinal)],
            WithWaiting(await states, await events));
    }

    private Func<CancellationToken, Task<T>> Timed<T>(Func<CancellationToken, Task<T>> read, Action<long> tell) => async token =>
    {
        var begun = time.GetTimestamp();
        var result = await read(token);
        tell((long)time.GetElapsedTime(begun).TotalMilliseconds);
        return result;
    };

    private static IReadOnlyList<HandlerState>? WithWaiting(IReadOnlyList<HandlerState>? states, EventCounts? events) =>
        states is null || events is null
            ? states
            : [.. states.Select(state => state with { Waiting = events.WaitingFor.GetValueOrDefault(state.Handler) })];

    private async Task<QuarantineCounts?> QuarantinedAsync(CancellationToken cancellationToken) => new(
        (await quarantine.UsageAsync(QuarantineStore.Waiting, cancellationToken)).Requests,
        (await quarantine.UsageAsync(QuarantineStore.Unverified, cancellationToken)).Requests);

    private async Task<EventCounts?> EventsAsync(CancellationToken cancellationToken)
    {
        var open = await listing.OpenRowsAsync(cancellationToken);
        var lastDay = day.ReadAsync(open, cancellationToken);
        var dead = await listing.CountDeadAsync(cancellationToken);
        var latestDead = await listing.ListAsync(new EventFilter(EventState.Dead), Shown, null, cancellationToken);
        var completed = await listing.ListAsync(new EventFilter(EventState.Completed), Shown, null, cancellationToken);
        var latestOpen = await listing.ShowLatestAsync(open, Shown, cancellationToken);
        var latest = latestOpen.Concat(completed.Events).OrderByDescending(one => one.ReceivedAt).Take(Shown).ToList();
        var waiting = open.Select(EventIndex.WaitsForOf).Where(waitsFor => waitsFor.Count > 0).ToList();
        return new EventCounts(
            open.Count,
            open.Min(EventIndex.ReceivedAtOf),
            dead,
            latest.Concat(latestDead.Events).Max(one => one.ReceivedAt),
            latestDead.Events,
            latest,
            await lastDay,
            InstancesOf(latest.Concat(latestDead.Events)))
        {
            Waiting = waiting.Count,
            WaitingFor = waiting.SelectMany(waitsFor => waitsFor).CountBy(name => name, StringComparer.Ordinal).ToDictionary(),
        };
    }

    private static IReadOnlyList<SeenInstance> InstancesOf(IEnumerable<EventSummary> events) =>
    [
        .. events.Where(one => one is { ClaimedBy: not null, ClaimedAt: not null })
            .GroupBy(one => one.ClaimedBy!, StringComparer.Ordinal)
            .Select(claims => new SeenInstance(claims.Key, claims.Max(one => one.ClaimedAt!.Value)))
            .OrderByDescending(seen => seen.LastClaimAt),
    ];
}
