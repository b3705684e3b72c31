using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;

namespace PointWebhooks.Operations;

/// <summary>
/// Who makes a request. App Service authentication, where it is on, puts who has signed in into headers, and takes what the caller has
/// put there away; the platform then sets <c>WEBSITE_AUTH_ENABLED</c>, by which the Functions host itself knows it. Where it is off anybody may
/// write the headers, so they say nothing.
/// </summary>
internal sealed class Operators(IConfiguration configuration, IOptions<OperationsOptions> options)
{
    private const string NameHeader = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const string ProviderHeader = "X-MS-CLIENT-PRINCIPAL-IDP";

    // Microsoft Entra ID.
    private const string Provider = "aad";
    private const int MaxLength = 100;

    private readonly bool isAuthenticating = string.Equals(configuration["WEBSITE_AUTH_ENABLED"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether operators may sign in instead of having a function key.</summary>
    public bool MaySignIn => isAuthenticating && options.Value.SignIn;

    /// <summary>The name of the operator who is signed in, or null.</summary>
    public string? NameOf(HttpRequest request) =>
        isAuthenticating && request.Headers[NameHeader] is { Count: 1 } name && name.ToString() is { Length: > 0 } text
            ? text[..Math.Min(text.Length, MaxLength)]
            : null;

    /// <summary>Whether the request is of somebody whom Entra ID knows and who may act here without a key.</summary>
    public bool IsSignedIn(HttpRequest request) =>
        MaySignIn && request.Headers[ProviderHeader] is { Count: 1 } provider && provider == Provider && NameOf(request) is not null;
}
