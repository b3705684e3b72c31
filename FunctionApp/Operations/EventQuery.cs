using System.Globalization;
using Microsoft.AspNetCore.Http;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>The query of a listing, <c>?state=&amp;type=&amp;take=&amp;continuation=</c>; each part may be left out.</summary>
/// <param name="State">The state to list, or null for all.</param>
/// <param name="Type">The type to list, or null for all.</param>
/// <param name="Take">How many, 1 to <see cref="MaxTake"/>.</param>
/// <param name="Continuation">Where the page before ended, or null.</param>
public sealed record EventQuery(EventState? State, string? Type, int Take, string? Continuation)
{
    /// <summary>The largest page.</summary>
    public const int MaxTake = 200;

    private const int DefaultTake = 50;

    /// <summary>Reads a query, or says what is wrong with it.</summary>
    public static bool TryParse(IQueryCollection query, out EventQuery parsed, out string error)
    {
        parsed = new EventQuery(null, Text(query, "type"), DefaultTake, Text(query, "continuation"));
        error = "";
        if (Text(query, "state") is { } state)
        {
            if (!Enum.TryParse<EventState>(state, ignoreCase: true, out var known) || !Enum.IsDefined(known) || char.IsAsciiDigit(state[0]))
            {
                error = $"state is not one of {string.Join(", ", Enum.GetNames<EventState>())}.";
                return false;
            }

            parsed = parsed with { State = known };
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

        if (parsed.Continuation is { } continuation && !IndexKey.IsIndexKey(continuation))
        {
            error = "continuation is not one that a listing has answered.";
            return false;
        }

        return true;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
}
