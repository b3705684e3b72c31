using System.Text;
using PointWebhooks.Handlers.Configuration;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>Reads where the instance is and how to sign in there.</summary>
internal static class ServiceNowConnectionReader
{
    private const string SetUrl = "Set it to the address of the instance, such as https://contoso.service-now.com.";

    private static readonly Uri Nowhere = new("https://invalid");

    public static ServiceNowConnection Read(HandlerSection section)
    {
        var url = section.RequiredUrl("Url", SetUrl) ?? Nowhere;
        if (url is { UserInfo.Length: > 0 } or { Query.Length: > 0 } or { Fragment.Length: > 0 } || url.AbsolutePath != "/")
            section.Fail("Url", $"has a user name, a path, a query or a fragment. {SetUrl}");
        var (user, password) = (section.Text("User"), section.Password("Password"));
        var (clientId, clientSecret) = (section.Word("ClientId"), section.Password("ClientSecret"));
        if (user is null != password is null)
            section.Fail(user is null ? "User" : "Password", "is missing. Set User and Password, or ClientId and ClientSecret.");
        if (clientId is null != clientSecret is null)
            section.Fail(clientId is null ? "ClientId" : "ClientSecret", "is missing. Set ClientId and ClientSecret, or User and Password.");
        if (user is not null && clientId is not null)
            section.Fail("User", "is set, and so is ClientId. Remove one: a handler signs in in one way.");
        if (user is null && clientId is null && password is null && clientSecret is null)
            section.Fail("User", "is missing. Set User and Password, or ClientId and ClientSecret.");

        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return new ServiceNowConnection(url, clientId is null ? $"Basic {basic}" : null, clientId, clientSecret, [password, clientSecret, basic]);
    }
}
