using Azure.Data.Tables;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <param name="Continuation">
/// What to ask for the next page with, or null when this is the last. Also a page with fewer events than asked for may have one.
/// </param>
internal sealed record EventPage(IReadOnlyList<EventSummary> Events, string? Continuation);

/// <summary>
/// Lists events in the order of their index rows. Every filter is a range of the index, so that a page costs what it shows, not what
/// it skips: each partition is asked for one page, and the pages are merged. The continuation is the row key where a page ended,
/// which is unique over all partitions.
/// </summary>
internal sealed class LedgerListing(PointTable table, LedgerReader reader, LedgerRepair repair)
{
    // How many events one listing looks at that it does not show, such as those that merely wait where it asks for those being processed.
    private const int MostPassedOver = 1000;

    // What one call brings: counts beyond it are "at least".
    private const int CallSize = 1000;

    private static readonly TimeSpan ReadBudget = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Lists events: open ones first, those the relay looks at next before others; then dead, then completed, latest first.
    /// </summary>
    public Task<EventPage> ListAsync(EventFilter filter, int take, string? continuation, CancellationToken cancellationToken)
    {
        if (filter.Key is { } key)
            return OfKeyAsync(key, filter, cancellationToken);
        return MergeAsync(filter.Ranges, filter, take, continuation, cancellationToken);
    }

    /// <summary>
    /// Counts the events of a filter by their index rows, at most <paramref name="most"/> of each range in each partition; null where the
    /// index alone does not tell. Those being processed count as what they were before.
    /// </summary>
    public async Task<EventTally?> TallyAsync(EventFilter filter, int most, CancellationToken cancellationToken)
    {
        if (!filter.IsIndexed)
            return null;
        var pages = await Task.WhenAll(filter.Ranges.Select(range => PagesAsync(range, most, ["RowKey"], cancellationToken)));
        return new EventTally(pages.Sum(of => of.Sum(page => page.Count)), pages.Any(of => of.Any(page => page.Count == most)));
    }

    /// <summary>Counts the dead events; from 1,000 in one partition on, at least so many.</summary>
    public async Task<long> CountDeadAsync(CancellationToken cancellationToken) =>
        (await PagesAsync(EventIndex.Finished(EventIndex.Dead, null), CallSize, ["RowKey"], cancellationToken)).Sum(page => page.Count);

    /// <summary>Reads the index rows of open events, up to 1,000 of each partition, those the relay looks at next first.</summary>
    public async Task<IReadOnlyList<TableEntity>> OpenRowsAsync(CancellationToken cancellationToken) =>
        [.. (await PagesAsync(EventIndex.Opened(), CallSize, null, cancellationToken)).SelectMany(page => page)];

    /// <summary>Shows those of the open events that were received last.</summary>
    public async Task<IReadOnlyList<EventSummary>> ShowLatestAsync(
        IReadOnlyList<TableEntity> openRows, int take, CancellationToken cancellationToken)
    {
        var latest = openRows.OrderByDescending(EventIndex.ReceivedAtOf).Take(take);
        return [.. (await Task.WhenAll(latest.Select(row => ShowAsync(row, cancellationToken)))).OfType<EventSummary>()];
    }

    /// <summary>The ids of all events of a key.</summary>
    public async Task<IReadOnlyList<EventId>> IdsOfKeyAsync(string key, CancellationToken cancellationToken) =>
        [.. (await RowsOfKeyAsync(key, ["RowKey"], cancellationToken)).Select(row => EventId.TryParse(row.RowKey)).OfType<EventId>()];

    private Task<IReadOnlyList<TableEntity>> RowsOfKeyAsync(
        string key, IEnumerable<string> columns, CancellationToken cancellationToken)
    {
        var prefix = EventId.PrefixOfKey(key);
        return table.RangeAsync(
            prefix.PartitionKey, prefix.RowKey, PointTable.EndOf(prefix.RowKey), CallSize, columns, ReadBudget, cancellationToken);
    }

    private async Task<EventPage> OfKeyAsync(string key, EventFilter filter, CancellationToken cancellationToken)
    {
        var rows = await RowsOfKeyAsync(key, LedgerRows.ColumnsWithoutBody, cancellationToken);
        return new EventPage([.. rows.Select(Summary).OfType<EventSummary>().Where(filter.Matches)], null);
    }

    private async Task<EventPage> MergeAsync(
        IReadOnlyList<IndexRange> ranges, EventFilter filter, int take, string? continuation, CancellationToken cancellationToken)
    {
        var (events, passedOver) = (new List<EventSummary>(), 0);
        var position = continuation;
        foreach (var range in ranges.SkipWhile(range => continuation?.StartsWith(range.Prefix, StringComparison.Ordinal) == false))
        {
            while (true)
            {
                var from = position?.StartsWith(range.Prefix, StringComparison.Ordinal) == true ? PointTable.After(position) : range.From;
                var pages = await PagesAsync(range with { From = from }, take, null, cancellationToken);
                List<TableEntity> rows = [.. pages.SelectMany(page => page).OrderBy(row => row.RowKey, StringComparer.Ordinal).Take(take)];
                var shown = await Task.WhenAll(rows.Select(row => ShowAsync(row, cancellationToken)));
                foreach (var (row, summary) in rows.Zip(shown))
                {
                    position = row.RowKey;
                    if (summary is not null && filter.Matches(summary))
                        events.Add(summary);
                    else
                        passedOver++;
                    if (events.Count == take || passedOver == MostPassedOver)
                        return new EventPage(events, position);
                }

                if (rows.Count < take)
                    break;
            }
        }

        return new EventPage(events, null);
    }

    // An index row says where an event stood when it moved last; the event itself says where it stands.
    private async Task<EventSummary?> ShowAsync(TableEntity row, CancellationToken cancellationToken)
    {
        if (EventIndex.IdOf(row.RowKey) is not { } id)
            return null;
        var (finding, found, why) = await reader.FindAsync(id, withBody: false, ReadBudget, cancellationToken);
        if (finding == Finding.Unreadable)
            return EventSummary.Unreadable(id, why!);
        if (found is not null && LedgerRepair.Belongs(row, found))
            return EventSummary.Of(found);
        await repair.RemoveStrayAsync(row, found);
        return null;
    }

    private EventSummary? Summary(TableEntity row) => reader.Read(row) switch
    {
        { Event: { } found } => EventSummary.Of(found),
        { Why: { } why } when EventId.TryParse(row.RowKey) is { } id => EventSummary.Unreadable(id, why),
        _ => null,
    };

    // Every partition is asked at once.
    private async Task<IReadOnlyList<IReadOnlyList<TableEntity>>> PagesAsync(
        IndexRange range, int take, IEnumerable<string>? columns, CancellationToken cancellationToken) =>
        await Task.WhenAll(EventId.Partitions.Select(partition =>
            table.RangeAsync(partition, range.From, range.Until, take, columns, ReadBudget, cancellationToken, range.Condition)));
}
