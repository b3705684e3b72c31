using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace PointWebhooks.Operations;

/// <summary>
/// Who makes a request. App Service authentication, where it is on, puts the name of who has signed in into a header, and takes what the
/// caller has put there away; it sets <c>WEBSITE_AUTH_ENABLED</c>. Where it is off anybody may write the header, so it says nothing.
/// </summary>
internal sealed class Operators(IConfiguration configuration)
{
    private const string Header = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const int MaxLength = 100;

    private readonly bool isSignedIn = string.Equals(configuration["WEBSITE_AUTH_ENABLED"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The name of the operator who is signed in, or null.</summary>
    public string? NameOf(HttpRequest request) =>
        isSignedIn && request.Headers[Header] is { Count: 1 } name && name.ToString() is { Length: > 0 } text
            ? text[..Math.Min(text.Length, MaxLength)]
            : null;
}
