using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PointWebhooks.Operations;

/// <summary>The event that a path names: <c>/api/events/{id or idempotency key}</c>, and what follows.</summary>
internal static class EventPath
{
    private const string Events = "events";

    /// <summary>
    /// The id or key, decoded once. Routing decodes everything but an escaped slash, so that a key with a slash and one with the text
    /// <c>%2F</c> look the same to it: the request's own target tells, where the server has it. Behind a proxy that normalizes paths,
    /// such keys are asked for by their event's id.
    /// </summary>
    public static string IdOf(HttpRequest request, string routeValue)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var segments = target.Split('?')[0].Split('/');
        var events = Array.FindIndex(segments, segment => segment.Equals(Events, StringComparison.OrdinalIgnoreCase));
        return events >= 0 && events + 1 < segments.Length && segments[events + 1].Length > 0
            ? Uri.UnescapeDataString(segments[events + 1])
            : routeValue;
    }
}
