using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>Reads a page of events, with its counts and the causes of dead ones; each at a cost that has a bound.</summary>
internal sealed class EventListReader(
    LedgerListing listing, BulkReplays replays, KnownCauses known, PartReader parts, TimeProvider time)
{
    /// <summary>What the events themselves are called where they are not known.</summary>
    public const string EventsPart = "events";

    // Of each range in each of 16 partitions: up to some 3,200 events of one state are counted exactly.
    private const int MostCounted = 200;

    // Looked at for their cause, the latest first.
    private const int MostLookedAt = 200;

    private const int MostCauses = 10;

    /// <summary>Reads them as of now.</summary>
    public async Task<EventListReport> ReadAsync(EventQuery query, CancellationToken cancellationToken)
    {
        var unknown = new List<UnknownPart>();
        var page = parts.ReadAsync(
            EventsPart,
            async token => (EventPage?)await listing.ListAsync(query.Filter, query.Take, query.Continuation, token),
            unknown,
            cancellationToken);
        var total = parts.ReadAsync("counts", token => listing.TallyAsync(query.Filter, MostCounted, token), unknown, cancellationToken);
        var dead = ShowsCauses(query)
            ? parts.ReadAsync("causes", token => CausesAsync(query.Filter, token), unknown, cancellationToken)
            : Task.FromResult<DeadCauses?>(null);
        var running = parts.ReadAsync(
            "replays", async token => (IReadOnlyList<BulkReplay>?)await replays.ListAsync(token), unknown, cancellationToken);
        await Task.WhenAll(page, total, dead, running);
        return new EventListReport(
            time.GetUtcNow(), query, await page, await total, await dead, await running,
            [.. unknown.OrderBy(part => part.Part, StringComparer.Ordinal)]);
    }

    // On the first page, of a list that has dead ones in the index's own order.
    private static bool ShowsCauses(EventQuery query) =>
        query.Continuation is null
        && query.Filter is { State: null or EventState.Dead, Key: null, Name: null, Error: null, Cause: null };

    private async Task<DeadCauses?> CausesAsync(EventFilter filter, CancellationToken cancellationToken)
    {
        var dead = await listing.ListAsync(filter with { State = EventState.Dead }, MostLookedAt, null, cancellationToken);
        var seenTo = (await known.ListAsync(cancellationToken)).ToDictionary(one => one.Cause, StringComparer.Ordinal);
        var causes = dead.Events
            .GroupBy(one => one.Cause ?? "", StringComparer.Ordinal)
            .Where(group => group.Key.Length > 0)
            .Select(group => Cause(group.Key, [.. group], seenTo.GetValueOrDefault(group.Key)))
            .OrderBy(cause => cause.DiedSince == 0)
            .ThenByDescending(cause => cause.Count)
            .Take(MostCauses);
        return new DeadCauses([.. causes], dead.Events.Count, dead.Continuation is not null);
    }

    private static DeadCause Cause(string id, IReadOnlyList<EventSummary> dead, KnownCause? known) => new(
        id,
        ErrorCause.TextOf(dead[0].Error!),
        dead.Count,
        dead.Max(one => one.FinishedAt),
        known?.At,
        known?.By,
        known is null ? null : dead.Count(one => one.FinishedAt > known.At));
}
