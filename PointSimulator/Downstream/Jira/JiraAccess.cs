using System.Text;

namespace PointWebhooks.Simulator.Downstream.Jira;

/// <summary>Who may call a simulated Jira, and at which address.</summary>
public sealed class JiraAccess
{
    /// <summary>The client secret of the service account <c>service-account</c>.</summary>
    public const string ClientSecret = "client-secret";

    /// <summary>The path of the gateway, before the cloud id.</summary>
    public const string Gateway = "/ex/jira/";

    /// <summary>The account, of Jira Cloud.</summary>
    public string User { get; set; } = "point@contoso.com";

    /// <summary>The API token of the account, or the personal access token of Data Center.</summary>
    public string Token { get; set; } = "jira-token";

    /// <summary>The id of the site at the gateway.</summary>
    public string CloudId { get; set; } = "11111111-aaaa-bbbb-cccc-222222222222";

    /// <summary>Whether the token is a scoped one, which works at the gateway alone; one that is not works at the site alone.</summary>
    public bool IsScoped { get; set; }

    /// <summary>The bearer token that a service account gets; a new one ends those before.</summary>
    public string? Bearer { get; set; }

    /// <summary>Whether a call may be made.</summary>
    public bool Admits(DownstreamRequest request, JiraEdition edition)
    {
        var authorization = request.Header("Authorization");
        if (edition == JiraEdition.DataCenter)
            return authorization == $"Bearer {Token}" || authorization == Basic();
        var isAtGateway = request.Path.StartsWith(Gateway + CloudId + "/", StringComparison.Ordinal);
        return (isAtGateway == IsScoped && authorization == Basic()) || (isAtGateway && Bearer is not null && authorization == $"Bearer {Bearer}");
    }

    /// <summary>The answer of the token endpoint to a service account.</summary>
    public DownstreamAnswer Grant(DownstreamRequest request)
    {
        var json = request.Json;
        if (json?["grant_type"]?.ToString() != "client_credentials" || json["client_id"]?.ToString() != "service-account"
            || json["client_secret"]?.ToString() != ClientSecret)
        {
            return DownstreamAnswer.Json(401, new { error = "access_denied", error_description = "Unauthorized" });
        }

        Bearer = $"bearer-{Guid.NewGuid():N}";
        return DownstreamAnswer.Json(200, new { access_token = Bearer, expires_in = 3600, token_type = "Bearer" });
    }

    private string Basic() => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Token}"));
}
