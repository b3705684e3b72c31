using Microsoft.Extensions.Options;

namespace PointWebhooks.Settings;

/// <summary>
/// Says at start which setting of section <c>Point</c> is wrong and what to put there. Never repeats a value that may be a
/// secret.
/// </summary>
public sealed class PointOptionsValidator : IValidateOptions<PointOptions>
{
    private const string SetBaseUrl =
        "Set it to the address of your Syskit Point web app, such as https://contoso.syskit365demo.com";

    private const string SetAppUrl = "Set it to the public url of this app";

    private const string SuchAsAppUrl =
        $"such as https://contoso-webhooks.azurewebsites.net{PointOptionsDefaults.ReceiverPath}";

    private const string HttpIsForLoopback = "http is accepted for a loopback address only";

    private const string IsUnresolvedReference =
        "is a Key Vault reference that was not resolved. "
        + "Check that the app's identity has the role Key Vault Secrets User, and the name of the secret.";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PointOptions options)
    {
        var failures = Failures(options).ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(PointOptions options) =>
        [.. Urls(options), .. Subscription(options), .. Credentials(options)];

    private static IEnumerable<string> Urls(PointOptions options)
    {
        if (string.IsNullOrEmpty(options.BaseUrl))
            yield return $"Point:BaseUrl is missing. {SetBaseUrl}.";
        else if (!IsHttpsOrLoopback(options.BaseUrl, out var baseUrl))
            yield return $"Point:BaseUrl is not an absolute https address. {SetBaseUrl}; {HttpIsForLoopback}.";
        else if (baseUrl.Query.Length > 0 || baseUrl.Fragment.Length > 0)
            yield return "Point:BaseUrl has a query or a fragment. Set it to the address alone, such as https://contoso.syskit365demo.com.";

        if (string.IsNullOrEmpty(options.EndpointUrl))
            yield return $"Point:EndpointUrl is missing and WEBSITE_HOSTNAME, its default, is not set either. {SetAppUrl}, {SuchAsAppUrl}.";
        else if (!IsHttpsOrLoopback(options.EndpointUrl, out var endpointUrl))
            yield return $"Point:EndpointUrl is not an absolute https url. {SetAppUrl}, {SuchAsAppUrl}; {HttpIsForLoopback}.";
        else if (endpointUrl.IsLoopback && Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var point) && !point.IsLoopback)
            yield return $"Point:EndpointUrl is a loopback address, which the Syskit Point at Point:BaseUrl cannot reach. {SetAppUrl}.";
    }

    private static IEnumerable<string> Subscription(PointOptions options)
    {
        if (options.EventTypes.Length == 0 || options.EventTypes.Any(string.IsNullOrWhiteSpace))
        {
            yield return "Point:EventTypes has an empty entry. "
                + "Set Point:EventTypes:0 to * for all events, or list the types, such as ProvisioningCompleted.";
        }

        if (options.SignatureKey is not null && string.IsNullOrWhiteSpace(options.SignatureKey))
        {
            yield return "Point:SignatureKey is empty. "
                + "Set it to the value of webhooksSignatureAuthenticationKey, "
                + "or remove the setting so that the key is fetched from Syskit Point.";
        }
        else if (options.SignatureKey?.StartsWith("@Microsoft.KeyVault", StringComparison.OrdinalIgnoreCase) == true)
        {
            yield return $"Point:SignatureKey {IsUnresolvedReference}";
        }
    }

    private static IEnumerable<string> Credentials(PointOptions options)
    {
        if (!string.IsNullOrEmpty(options.DevelopmentToken))
        {
            if (Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var baseUrl) && !baseUrl.IsLoopback)
            {
                yield return "Point:DevelopmentToken is set and Point:BaseUrl is not a loopback address. "
                    + "Remove Point:DevelopmentToken; towards a real Syskit Point, sign in with Point:ClientId or a managed identity.";
            }

            yield break;
        }

        if (string.IsNullOrEmpty(options.ApiClientId))
        {
            yield return "Point:ApiClientId is missing. "
                + "Set it to the application (client) id of the Syskit Point API application in your Entra ID tenant.";
        }
        else if (!Guid.TryParse(options.ApiClientId, out _))
        {
            yield return "Point:ApiClientId is not a client id. "
                + "Set it to the GUID of the Syskit Point API application, without api:// and without /.default.";
        }

        if (!string.IsNullOrEmpty(options.ClientSecret) && string.IsNullOrEmpty(options.ClientId))
        {
            yield return "Point:ClientSecret is set and Point:ClientId is missing. "
                + "Set Point:ClientId and Point:TenantId to the app registration the secret belongs to.";
        }

        if (options.ClientSecret?.StartsWith("@Microsoft.KeyVault", StringComparison.OrdinalIgnoreCase) == true)
            yield return $"Point:ClientSecret {IsUnresolvedReference}";
        if (!string.IsNullOrEmpty(options.ClientId) && !Guid.TryParse(options.ClientId, out _))
        {
            yield return "Point:ClientId is not a client id. "
                + "Set it to the application (client) id of the app registration, a GUID, not to its name.";
        }

        if (!string.IsNullOrEmpty(options.ClientId) && string.IsNullOrEmpty(options.TenantId))
            yield return "Point:ClientId is set and Point:TenantId is missing. Set Point:TenantId to the tenant of the app registration.";
        if (string.IsNullOrEmpty(options.ClientId) && !string.IsNullOrEmpty(options.TenantId))
        {
            yield return "Point:TenantId is set and Point:ClientId is missing. "
                + "Set Point:ClientId to the app registration that holds the role Point.Admin, "
                + "or remove Point:TenantId to sign in as the managed identity itself.";
        }
    }

    private static bool IsHttpsOrLoopback(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
