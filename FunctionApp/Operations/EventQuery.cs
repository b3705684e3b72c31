using System.Globalization;
using Microsoft.AspNetCore.Http;
using PointWebhooks.Events;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>
/// The query of a listing: <c>state</c>, <c>type</c>, <c>key</c>, <c>name</c>, <c>error</c>, <c>cause</c>, <c>since</c>, <c>until</c>,
/// <c>take</c> and <c>continuation</c>; each part may be left out.
/// </summary>
/// <param name="Take">How many, 1 to <see cref="MaxTake"/>.</param>
/// <param name="Continuation">Where the page before ended, or null.</param>
internal sealed record EventQuery(EventFilter Filter, int Take, string? Continuation)
{
    public const int MaxTake = 200;

    /// <summary>The states that can be asked for.</summary>
    public static readonly IReadOnlyList<EventState> Listed =
        [EventState.Received, EventState.Processing, EventState.Retrying, EventState.Completed, EventState.Dead];

    /// <summary>The query of everything.</summary>
    public static readonly EventQuery All = new(new EventFilter(), DefaultTake, null);

    private const int DefaultTake = 50;

    /// <summary>The filter as the query of a url.</summary>
    public string ToText()
    {
        (string Name, string? Value)[] parts =
        [
            ("state", Filter.State?.ToString()), ("type", Filter.Type), ("key", Filter.Key), ("name", Filter.Name), ("error", Filter.Error),
            ("cause", Filter.Cause), ("since", Text(Filter.Since)), ("until", Text(Filter.Until)),
        ];
        return string.Join(
            '&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
    }

    /// <summary>The filter as the query of a url, for what follows a page.</summary>
    public string ToText(string continuation) => string.Join(
        '&', new[] { ToText(), $"take={MaxTake}", $"continuation={Uri.EscapeDataString(continuation)}" }.Where(part => part.Length > 0));

    /// <summary>Reads a query, or says what is wrong with it.</summary>
    /// <param name="take">How many where it does not say.</param>
    public static bool TryParse(IQueryCollection query, out EventQuery parsed, out string error, int take = DefaultTake)
    {
        var type = Text(query, "type") is { } text ? EventTypes.Canonical(text) : null;
        parsed = new EventQuery(
            new EventFilter(null, type, Text(query, "key"), Text(query, "name"), Text(query, "error"), Text(query, "cause")),
            take,
            Text(query, "continuation"));
        error = "";
        if (Text(query, "state") is { } state)
        {
            var known = Listed.FirstOrDefault(one => one.ToString().Equals(state, StringComparison.OrdinalIgnoreCase), EventState.Unreadable);
            if (known == EventState.Unreadable)
            {
                error = $"state is not one of {string.Join(", ", Listed)}.";
                return false;
            }

            parsed = parsed with { Filter = parsed.Filter with { State = known } };
        }

        if (parsed.Filter.Cause is { } cause && !ErrorCause.IsId(cause))
        {
            error = "cause is not one that a listing returned.";
            return false;
        }

        if (!TryTimes(query, ref parsed, out error))
            return false;
        if (Text(query, "take") is { } number)
        {
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MaxTake)
            {
                error = $"take is not a number from 1 to {MaxTake}.";
                return false;
            }

            parsed = parsed with { Take = count };
        }

        // One of another filter would lead past the end of everything.
        var filter = parsed.Filter;
        if (parsed.Continuation is { } continuation
            && (EventIndex.IdOf(continuation) is null
                || (filter.Key is null && !filter.Ranges.Any(range => continuation.StartsWith(range.Prefix, StringComparison.Ordinal)))))
        {
            error = "continuation is not one that a listing with this filter returned.";
            return false;
        }

        return true;
    }

    // Only what is finished stands in the index by a time that is of interest.
    private static bool TryTimes(IQueryCollection query, ref EventQuery parsed, out string error)
    {
        var (since, until) = (Text(query, "since"), Text(query, "until"));
        (var start, error) = Time("since", since);
        if (error.Length > 0)
            return false;
        (var end, error) = Time("until", until);
        if (error.Length > 0)
            return false;
        if ((start ?? end) is not null && parsed.Filter.State is not (EventState.Dead or EventState.Completed))
        {
            error = "since and until say when an event was finished: add state=Dead or state=Completed.";
            return false;
        }

        parsed = parsed with { Filter = parsed.Filter with { Since = start, Until = end } };
        return true;
    }

    private static (DateTimeOffset? Time, string Error) Time(string name, string? text) =>
        text is null ? (null, "")
        : DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? (time, "")
        : (null, $"{name} is not a time such as 2026-05-01T12:00, in UTC unless it names an offset.");

    private static string? Text(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
}
