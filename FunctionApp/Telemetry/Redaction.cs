namespace PointWebhooks.Telemetry;

/// <summary>What may be shown of something that holds a secret: the one place that decides it.</summary>
public static class Redaction
{
    /// <summary>
    /// A url without what may be a secret in it: user name and password, query, fragment. Empty for what is no absolute url.
    /// </summary>
    public static string Url(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        ? parsed.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : "";

    /// <summary>Where a redirect leads: the host alone, or <c>another address</c> where the answer names none.</summary>
    public static string Target(HttpResponseMessage response) =>
        response.Headers.Location is { IsAbsoluteUri: true } location ? location.Host : "another address";
}
