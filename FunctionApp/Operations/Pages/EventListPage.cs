using System.Globalization;
using Microsoft.AspNetCore.Http;
using PointWebhooks.Events;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations.Pages;

/// <summary>
/// A list of events as a page: a filter, what dead ones died of, and the events. With <c>confirm=replay</c> in its query it asks whether to
/// replay those that it shows.
/// </summary>
internal static class EventListPage
{
    private const string Template = "events.liquid";

    // Some of those that are to be replayed are enough to see what they are.
    private const int ShownToConfirm = 20;

    private static readonly string[] Asked = ["state", "type", "name", "key", "error", "since", "until", "cause"];

    /// <summary>What is to be read for the page: as many as can be replayed at once where that is to be confirmed.</summary>
    public static EventQuery ToRead(EventQuery query, HttpRequest request) =>
        IsConfirming(query, request) ? query with { Take = EventQuery.MaxTake, Continuation = null } : query;

    /// <summary>The page as an answer.</summary>
    public static Task<IResult> ToResultAsync(EventListReport report, HttpRequest request)
    {
        var (query, filter) = (report.Query, report.Query.Filter);
        var events = report.Page?.Events ?? [];
        var isConfirming = IsConfirming(query, request) && events.Count > 0;
        var values = Values(request);
        var shown = isConfirming ? events.Take(ShownToConfirm).ToList() : events;
        values["shown"] = shown;
        values["count"] = shown.Count < events.Count ? $"The latest {shown.Count} of them" : Count(report);
        values["filter"] = query.ToText();
        values["next"] = report.Page?.Continuation is { } continuation
            ? $"{query.ToText()}&take={query.Take}&continuation={Uri.EscapeDataString(continuation)}"
            : null;
        values["canReplay"] = filter.State == EventState.Dead && events.Count > 0 && !isConfirming;
        if (isConfirming)
        {
            // What dies from now on is left out, so that a form that is sent twice does not replay an event twice.
            var until = filter.Until is { } end && end < report.At ? end : report.At;
            values["confirm"] = ToReplay(events.Count, report);
            values["action"] = (query with { Filter = filter with { Until = until } }).ToText();
        }

        return new Page(Template, Title(report), report) { Values = values }.ToResultAsync(request);
    }

    /// <summary>The page without events, for a query that cannot be read.</summary>
    public static Task<IResult> ToResultAsync(string error, HttpRequest request, DateTimeOffset now)
    {
        var values = Values(request);
        values["error"] = error;
        var nothing = new EventListReport(now, EventQuery.All, null, null, null, null, []);
        return new Page(Template, "Events", nothing) { Values = values, Status = StatusCodes.Status400BadRequest }.ToResultAsync(request);
    }

    private static bool IsConfirming(EventQuery query, HttpRequest request) =>
        request.Query["confirm"] == "replay" && query.Filter.State == EventState.Dead;

    private static Dictionary<string, object?> Values(HttpRequest request) => new()
    {
        ["asked"] = Asked.ToDictionary(
            name => name, name => name is "since" or "until" ? Local(request.Query[name]) : request.Query[name].ToString()),
        ["states"] = EventQuery.Listed.Select(state => state.ToString()).ToList(),
        ["types"] = new[]
        {
            EventTypes.ProvisioningStarted, EventTypes.ProvisioningCompleted, EventTypes.ProvisioningFailed, EventTypes.Unreadable,
        },
    };

    // As the field of a form takes it, in UTC.
    private static string Local(string? time) => DateTimeOffset.TryParse(
        time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var utc)
        ? utc.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)
        : "";

    private static string Title(EventListReport report) =>
        report.Query.Filter.State is { } state ? $"{state} events" : "Events";

    private static string Count(EventListReport report)
    {
        var shown = report.Page?.Events.Count ?? 0;
        return report.Total switch
        {
            { IsAtLeast: false } total when total.Count <= shown => Counted(shown),
            { } total => string.Create(
                CultureInfo.InvariantCulture, $"{shown} of {(total.IsAtLeast ? "at least " : "")}{total.Count:N0} events"),
            null when report.Page?.Continuation is not null => $"{Counted(shown)}, and perhaps more",
            null => Counted(shown),
        };
    }

    private static string ToReplay(int count, EventListReport report)
    {
        if (report.Page?.Continuation is null)
            return count == 1 ? "1 dead event" : $"{count} dead events";
        return report.Total is { } total
            ? string.Create(CultureInfo.InvariantCulture, $"{(total.IsAtLeast ? "at least " : "")}{total.Count:N0} dead events")
            : $"{count} dead events and perhaps more";
    }

    private static string Counted(int count) => count switch { 0 => "No events", 1 => "1 event", _ => $"{count} events" };
}
