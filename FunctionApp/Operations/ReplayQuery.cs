using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Operations;

/// <summary>The query of the replay of one event: <c>completed</c>, <c>handler</c> and <c>seen</c>; each part may be left out.</summary>
internal static class ReplayQuery
{
    /// <summary>Reads a query, or says what is wrong with it.</summary>
    /// <param name="by">Who asks for it, or null where that is not known.</param>
    public static bool TryParse(IQueryCollection query, string? by, out Replay replay, out string error)
    {
        error = "";
        var isCompleted = string.Equals(query["completed"], "true", StringComparison.OrdinalIgnoreCase);
        replay = new Replay(isCompleted, query["handler"].ToString() is { Length: > 0 } handler ? handler : null, By: by);
        if (query["seen"].ToString() is not { Length: > 0 } seen)
            return true;
        if (!DateTimeOffset.TryParse(
                seen, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            error = "seen is not the time at which the event finished, as it was shown.";
            return false;
        }

        replay = replay with { Seen = time };
        return true;
    }
}
