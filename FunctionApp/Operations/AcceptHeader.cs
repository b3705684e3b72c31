using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PointWebhooks.Operations;

/// <summary>What a request would rather have, by its <c>Accept</c> header and the weights in it (RFC 9110, section 12.5.1).</summary>
internal static class AcceptHeader
{
    /// <summary>Whether it would rather have a page than JSON, as a browser does. JSON is for all that do not care.</summary>
    public static bool PrefersHtml(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Count > 0 && Weight(accepted, "text", "html") > Weight(accepted, "application", "json");
    }

    // The most specific range that covers a type gives its weight; none means that it is not accepted.
    private static double Weight(IList<MediaTypeHeaderValue> accepted, StringSegment type, StringSegment subtype)
    {
        var covering = accepted
            .Where(range => range.MatchesAllTypes || (Same(range.Type, type) && (range.MatchesAllSubTypes || Same(range.SubType, subtype))))
            .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
            .FirstOrDefault();
        return covering is null ? 0 : covering.Quality ?? 1;
    }

    private static bool Same(StringSegment one, StringSegment other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
