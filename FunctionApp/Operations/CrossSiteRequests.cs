using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;

namespace PointWebhooks.Operations;

/// <summary>
/// Recognizes requests that a browser makes on behalf of another site, so that none of them has an effect here. Browsers say so in
/// <c>Sec-Fetch-Site</c> (Fetch Metadata), older ones in <c>Origin</c>; programs send neither.
/// </summary>
internal sealed class CrossSiteRequests(IOptions<PointOptions> options)
{
    /// <summary>Whether another site than this app's own page made the request.</summary>
    public bool Is(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site ? site != "same-origin" && site != "none"
        : request.Headers.Origin is { Count: > 0 } origin && !IsOwn(origin.ToString(), request.Host);

    // Behind the Functions host the request's own Host may be an inner one.
    private bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && (from.Authority == host.Value || from.Authority == new Uri(options.Value.EndpointUrl!).Authority);
}
