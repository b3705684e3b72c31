using System.Text;
using PointWebhooks.Handlers.Configuration;

namespace PointWebhooks.Handlers.Jira;

/// <summary>Reads where Jira is and how to sign in there.</summary>
internal static class JiraConnectionReader
{
    private const string SetUrl = "Set it to the address of the site, such as https://contoso.atlassian.net.";
    private const string TokenUrl = "https://auth.atlassian.com/oauth/token";
    private const string Gateway = "https://api.atlassian.com/ex/jira/";

    private static readonly Uri Nowhere = new("https://invalid");

    public static JiraConnection Read(HandlerSection section)
    {
        var site = section.RequiredUrl("Url", SetUrl) ?? Nowhere;
        if (site is { UserInfo.Length: > 0 } or { Query.Length: > 0 } or { Fragment.Length: > 0 })
            section.Fail("Url", $"has a user name, a query or a fragment. {SetUrl}");
        var cloudId = section.Id("CloudId", "is not a GUID. Set it to the cloudId that https://contoso.atlassian.net/_edge/tenant_info answers.");
        var isCloud = IsCloud(section, site, cloudId);
        var api = section.Url("ApiUrl", "Set it to the base address of the API, or remove it.");
        if (api is not null && cloudId is not null)
            section.Fail("ApiUrl", "is set, and so is CloudId, which would be ignored. Remove one.");
        var (authorization, account, secrets) = SignIn(section, isCloud, isAtGateway: cloudId is not null || api is not null);
        return new JiraConnection(
            site,
            api ?? (cloudId is null ? site : new Uri(Gateway + cloudId)),
            isCloud,
            // Both for both editions are read, so that a wrong one is named.
            section.Choice("ApiVersion", isCloud ? ["3", "2"] : ["2"]) == "3" ? 3 : 2,
            authorization,
            account,
            secrets);
    }

    private static bool IsCloud(HandlerSection section, Uri site, string? cloudId)
    {
        const string Cloud = "Cloud", DataCenter = "DataCenter";
        var seemsCloud = cloudId is not null || site.Host.EndsWith(".atlassian.net", StringComparison.OrdinalIgnoreCase);
        return section.Choice("Edition", seemsCloud ? [Cloud, DataCenter] : [DataCenter, Cloud]) == Cloud;
    }

    private static (string? Authorization, JiraServiceAccount? Account, IReadOnlyList<string?> Secrets) SignIn(
        HandlerSection section, bool isCloud, bool isAtGateway)
    {
        var (user, token) = (section.Text("User"), section.Word("Token"));
        var (clientId, clientSecret) = (section.Word("ClientId"), section.Word("ClientSecret"));
        var tokenUrl = section.Url("TokenUrl", "Remove it, or set it to the token endpoint.") ?? new Uri(TokenUrl);
        if (clientId is null != clientSecret is null)
            section.Fail(clientId is null ? "ClientId" : "ClientSecret", "is missing. A service account needs both, ClientId and ClientSecret.");
        if (clientId is not null && token is not null)
            section.Fail("Token", "is set, and so is ClientId. Remove one: a handler signs in in one way.");
        if (clientId is not null && user is not null)
            section.Fail("User", "is set, and so is ClientId. Remove one: a handler signs in in one way.");
        if (clientId is not null && !isAtGateway)
            section.Fail("CloudId", "is missing. A service account works at the gateway alone: set CloudId to the site's, which https://contoso.atlassian.net/_edge/tenant_info answers.");
        if (clientId is null && token is null)
            section.Fail("Token", "is missing. Set it to an API token of the account, or on Data Center to a personal access token.");
        if (token is not null && user is null && isCloud)
            section.Fail("User", "is missing. Set it to the mail address of the account that the token is of.");

        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{token}"));
        return clientId is not null && clientSecret is not null
            ? (null, new JiraServiceAccount(tokenUrl, clientId, clientSecret), [clientSecret])
            : (user is null ? $"Bearer {token}" : $"Basic {basic}", null, [token, basic]);
    }
}
