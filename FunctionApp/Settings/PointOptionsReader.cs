using static PointWebhooks.Settings.PointOptions;

namespace PointWebhooks.Settings;

/// <summary>
/// Reads section <c>Point</c>, and says which setting is wrong and what to put there. Never repeats a value that may be a secret.
/// </summary>
internal static class PointOptionsReader
{
    private const string BaseUrl = $"{Section}:{nameof(PointOptions.BaseUrl)}";
    private const string EndpointUrl = $"{Section}:{nameof(PointOptions.EndpointUrl)}";
    private const string EventTypesSetting = $"{Section}:{nameof(PointOptions.EventTypes)}";
    private const string SignatureKey = $"{Section}:{nameof(PointOptions.SignatureKey)}";
    private const string ApiClientId = $"{Section}:{nameof(PointOptions.ApiClientId)}";
    private const string TenantId = $"{Section}:{nameof(PointOptions.TenantId)}";
    private const string ClientId = $"{Section}:{nameof(PointOptions.ClientId)}";
    private const string ClientSecret = $"{Section}:{nameof(PointOptions.ClientSecret)}";
    private const string DevelopmentToken = $"{Section}:{nameof(PointOptions.DevelopmentToken)}";
    private const string HostName = "WEBSITE_HOSTNAME";

    private const string SetBaseUrl = "Set it to the address of your Syskit Point web app, such as https://contoso.syskit365demo.com";
    private const string SetEndpointUrl =
        $"Set it to the public url of this app, such as https://contoso-webhooks.azurewebsites.net{ReceiverPath}";
    private const string HttpIsForLoopback = "http is accepted for a loopback address only";

    public static PointOptions Read(SettingsReader settings)
    {
        var baseUrl = settings.Text(BaseUrl);
        var endpointUrl = settings.Text(EndpointUrl) is { Length: > 0 } url ? url
            : settings.Text(HostName) is { Length: > 0 } host ? $"https://{host}{ReceiverPath}"
            : null;
        var point = CheckBaseUrl(settings, baseUrl);
        CheckEndpointUrl(settings, endpointUrl, point);
        var options = Credentials(settings, point) with
        {
            BaseUrl = baseUrl,
            EndpointUrl = endpointUrl,
            SelfCheck = settings.Flag($"{Section}:{nameof(PointOptions.SelfCheck)}", otherwise: true),
            EventTypes = EventTypesOf(settings),
            SignatureKey = KeyOf(settings),
        };
        settings.WarnOfUnread(Section);
        return options;
    }

    private static Uri? CheckBaseUrl(SettingsReader settings, string? baseUrl)
    {
        if (string.IsNullOrEmpty(baseUrl))
            settings.Fail(BaseUrl, $"is missing. {SetBaseUrl}.");
        var url = settings.Url(BaseUrl, baseUrl, $"is not an absolute https address. {SetBaseUrl}; {HttpIsForLoopback}.");
        if (url is { UserInfo.Length: > 0 } or { Query.Length: > 0 } or { Fragment.Length: > 0 })
            settings.Fail(BaseUrl, $"has a user name, a query or a fragment. {SetBaseUrl}.");
        return url;
    }

    private static void CheckEndpointUrl(SettingsReader settings, string? endpointUrl, Uri? point)
    {
        if (endpointUrl is null)
            settings.Fail(EndpointUrl, $"is missing and {HostName}, its default, is not set either. {SetEndpointUrl}.");
        var url = settings.Url(EndpointUrl, endpointUrl, $"is not an absolute https url. {SetEndpointUrl}; {HttpIsForLoopback}.");
        if (url is null)
            return;
        if (url.IsLoopback && point is { IsLoopback: false })
            settings.Fail(EndpointUrl, $"is a loopback address, which the Syskit Point at {BaseUrl} cannot reach. {SetEndpointUrl}.");
        if (url.Fragment.Length > 0)
            settings.Fail(EndpointUrl, $"has a fragment, which is never sent to a server. {SetEndpointUrl}.");
        if (!url.AbsolutePath.TrimEnd('/').EndsWith(ReceiverPath, StringComparison.OrdinalIgnoreCase))
        {
            settings.Warn(
                EndpointUrl,
                $"does not end in {ReceiverPath}, where this app receives events. "
                + "Unless a gateway leads from there to here, no event arrives. "
                + $"{SetEndpointUrl}.");
        }
    }

    private static IReadOnlyList<string> EventTypesOf(SettingsReader settings) =>
        EventTypeList.Read(settings, EventTypesSetting) is { Count: > 0 } types ? types : [AllEventTypes];

    private static string? KeyOf(SettingsReader settings)
    {
        var key = settings.Word(SignatureKey);
        if (key?.Length == 0)
        {
            settings.Fail(
                SignatureKey,
                "is empty. Set it to the value of webhooksSignatureAuthenticationKey, "
                + "or remove the setting so that the key is fetched from Syskit Point.");
        }

        // Syskit Point's keys are GUIDs as text, without the braces that some tools put around one.
        return key is ['{', .. var inner, '}'] && Guid.TryParseExact(inner, "D", out _) ? inner : key;
    }

    private static PointOptions Credentials(SettingsReader settings, Uri? point)
    {
        const string Registration = "Set it to the application (client) id of the app registration, a GUID, not to its name.";
        var options = new PointOptions
        {
            ApiClientId = settings.Id(
                ApiClientId,
                "is not a client id. Set it to the GUID of the Syskit Point API application, without api:// and without /.default."),
            ClientId = settings.Id(ClientId, $"is not a client id. {Registration}"),
            TenantId = Tenant(settings),
            ClientSecret = settings.Word(ClientSecret),
            DevelopmentToken = settings.Word(DevelopmentToken),
        };
        if (!string.IsNullOrEmpty(options.DevelopmentToken))
        {
            if (point is { IsLoopback: false })
            {
                settings.Fail(
                    DevelopmentToken,
                    $"is set and {BaseUrl} is not a loopback address. "
                    + $"Remove {DevelopmentToken}; towards a real Syskit Point, sign in with {ClientId} or a managed identity.");
            }

            return options;
        }

        if (options.ApiClientId is null)
        {
            settings.Fail(
                ApiClientId,
                "is missing. Set it to the application (client) id of the Syskit Point API application in your Entra ID tenant.");
        }

        CheckRegistration(settings, options);
        return options;
    }

    private static void CheckRegistration(SettingsReader settings, PointOptions options)
    {
        if (!string.IsNullOrEmpty(options.ClientSecret) && options.ClientId is null)
        {
            settings.Fail(
                ClientSecret,
                $"is set and {ClientId} is missing. Set {ClientId} and {TenantId} to the app registration the secret belongs to.");
        }

        if (options.ClientId is not null && options.TenantId is null)
            settings.Fail(ClientId, $"is set and {TenantId} is missing. Set {TenantId} to the tenant of the app registration.");
        if (options.ClientId is null && options.TenantId is not null)
        {
            settings.Fail(
                TenantId,
                $"is set and {ClientId} is missing. Set {ClientId} to the app registration that holds the role Point.Admin, "
                + $"or remove {TenantId} to sign in as the managed identity itself.");
        }
    }

    private static string? Tenant(SettingsReader settings)
    {
        if (settings.Text(TenantId) is not { Length: > 0 } tenant)
            return null;
        if (Guid.TryParse(tenant, out var id))
            return id.ToString();
        if (!tenant.Contains('.') || Uri.CheckHostName(tenant) != UriHostNameType.Dns)
        {
            settings.Fail(
                TenantId, "is not a tenant. Set it to the tenant's GUID, or to one of its domains, such as contoso.onmicrosoft.com.");
        }

        return tenant;
    }
}
