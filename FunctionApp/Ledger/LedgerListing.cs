using Azure.Data.Tables;

namespace PointWebhooks.Ledger;

/// <summary>
/// Reads events in the order of their index rows, over all partitions: each partition is asked for one page, and the pages are
/// merged. The continuation is the row key where a page ended, which is unique over all partitions.
/// </summary>
internal static class LedgerListing
{
    // What one call brings.
    private const int Page = 1000;
    private const int LatestShown = 20;

    private static readonly string[] Everything = [IndexKey.Open, IndexKey.Dead, IndexKey.Done];

    public static async Task<EventPage> ReadAsync(
        LedgerTable table, EventState? state, string? type, int take, string? continuation, CancellationToken cancellationToken)
    {
        var prefixes = state is { } one ? [IndexKey.Prefix(one)] : Everything;
        var events = new List<EventSummary>();
        var position = continuation;
        foreach (var prefix in prefixes.SkipWhile(prefix => continuation?.StartsWith(prefix, StringComparison.Ordinal) == false))
        {
            var from = position?.StartsWith(prefix, StringComparison.Ordinal) == true ? LedgerTable.After(position) : prefix;
            while (true)
            {
                var rows = await MergedAsync(table, from, IndexKey.EndOf(prefix), take, cancellationToken);
                foreach (var row in rows)
                {
                    position = row.RowKey;
                    if (Matches(LedgerRows.ToSummary(row), state, type) is { } match)
                        events.Add(match);
                    if (events.Count == take)
                        return new EventPage(events, position);
                }

                if (rows.Count < take)
                    break;
                from = LedgerTable.After(position!);
            }
        }

        return new EventPage(events, null);
    }

    public static async Task<OpenEvents> OpenAsync(LedgerTable table, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await PagesAsync(table, IndexKey.Open, IndexKey.EndOf(IndexKey.Open), Page, cancellationToken);
        var open = rows.Select(LedgerRows.ToSummary).ToList();
        return new OpenEvents(
            open.Count,
            open.Count > 0 ? open.Min(summary => summary.ReceivedAt) : null,
            [.. open.Where(summary => summary.DueAt <= now)],
            [.. open.OrderByDescending(summary => summary.ReceivedAt).Take(LatestShown)]);
    }

    public static async Task<long> CountAsync(LedgerTable table, string prefix, CancellationToken cancellationToken) =>
        (await PagesAsync(table, prefix, IndexKey.EndOf(prefix), Page, cancellationToken)).Count();

    // Every partition is asked at once.
    private static async Task<IEnumerable<TableEntity>> PagesAsync(
        LedgerTable table, string from, string until, int take, CancellationToken cancellationToken)
    {
        var pages = await Task.WhenAll(
            LedgerKey.Partitions.Select(partition => table.RangeAsync(partition, from, until, take, cancellationToken)));
        return pages.SelectMany(page => page);
    }

    private static async Task<IReadOnlyList<TableEntity>> MergedAsync(
        LedgerTable table, string from, string until, int take, CancellationToken cancellationToken) =>
        [
            .. (await PagesAsync(table, from, until, take, cancellationToken))
                .OrderBy(row => row.RowKey, StringComparer.Ordinal).Take(take),
        ];

    private static EventSummary? Matches(EventSummary summary, EventState? state, string? type) =>
        (state is null || summary.State == state) && (type is null || summary.Type.Equals(type, StringComparison.OrdinalIgnoreCase))
            ? summary
            : null;
}
