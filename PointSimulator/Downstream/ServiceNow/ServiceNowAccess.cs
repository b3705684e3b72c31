using System.Text;

namespace PointWebhooks.Simulator.Downstream.ServiceNow;

/// <summary>Who may call a simulated ServiceNow.</summary>
public sealed class ServiceNowAccess
{
    /// <summary>The client id and the client secret of the OAuth entity.</summary>
    public const string ClientId = "point-client", ClientSecret = "point-client-secret";

    /// <summary>The user of basic authentication.</summary>
    public string User { get; set; } = "point";

    /// <summary>The user's password.</summary>
    public string Password { get; set; } = "servicenow-password";

    /// <summary>Whether an administrator has allowed client credentials: they are not, unless somebody makes the property.</summary>
    public bool AllowsClientCredentials { get; set; }

    /// <summary>The token that was given last.</summary>
    public string? Bearer { get; set; }

    /// <summary>Whether a call may be made.</summary>
    public bool Admits(DownstreamRequest request)
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
        var authorization = request.Header("Authorization");
        return authorization == $"Basic {basic}" || (Bearer is not null && authorization == $"Bearer {Bearer}");
    }

    /// <summary>The answer of the token endpoint.</summary>
    public DownstreamAnswer Grant(DownstreamRequest request)
    {
        var isKnown = request.Parameter("grant_type") == "client_credentials" && request.Parameter("client_id") == ClientId
            && request.Parameter("client_secret") == ClientSecret;
        if (!isKnown || !AllowsClientCredentials)
            return DownstreamAnswer.Json(401, new { error = "server_error", error_description = "access_denied" });
        Bearer = $"bearer-{Guid.NewGuid():N}";
        return DownstreamAnswer.Json(200, new { access_token = Bearer, scope = "useraccount", token_type = "Bearer", expires_in = 1799 });
    }
}
