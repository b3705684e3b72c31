using System.Globalization;
using Microsoft.AspNetCore.Http;
using PointWebhooks.Events;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>
/// The query of a listing, <c>?state=&amp;type=&amp;key=&amp;name=&amp;take=&amp;continuation=</c>; each part may be left out.
/// </summary>
/// <param name="Take">How many, 1 to <see cref="MaxTake"/>.</param>
/// <param name="Continuation">Where the page before ended, or null.</param>
internal sealed record EventQuery(EventFilter Filter, int Take, string? Continuation)
{
    public const int MaxTake = 200;

    private const int DefaultTake = 50;

    private static readonly EventState[] Listed =
        [EventState.Received, EventState.Processing, EventState.Retrying, EventState.Completed, EventState.Dead];

    /// <summary>Reads a query, or says what is wrong with it.</summary>
    public static bool TryParse(IQueryCollection query, out EventQuery parsed, out string error)
    {
        var type = Text(query, "type") is { } text ? EventTypes.Canonical(text) : null;
        parsed = new EventQuery(
            new EventFilter(null, type, Text(query, "key"), Text(query, "name")), DefaultTake, Text(query, "continuation"));
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

        if (Text(query, "take") is { } take)
        {
            if (!int.TryParse(take, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MaxTake)
            {
                error = $"take is not a number from 1 to {MaxTake}.";
                return false;
            }

            parsed = parsed with { Take = count };
        }

        if (parsed.Continuation is { } continuation && EventIndex.IdOf(continuation) is null)
        {
            error = "continuation is not one that a listing returned.";
            return false;
        }

        return true;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
}
