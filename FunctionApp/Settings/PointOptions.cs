namespace PointWebhooks.Settings;

/// <summary>Section <c>Point</c>: the Syskit Point installation, this app's endpoint there, and how this app signs in.</summary>
public sealed class PointOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Point";

    /// <summary>The address of the Syskit Point web app, such as <c>https://contoso.syskit365demo.com</c>.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>
    /// The url to register, where Syskit Point will send events. By default <c>https://{WEBSITE_HOSTNAME}/api/webhooks/point</c>;
    /// Azure sets <c>WEBSITE_HOSTNAME</c>. A query in it is a secret: it is registered and never logged.
    /// </summary>
    public string? EndpointUrl { get; set; }

    /// <summary>
    /// The event types to subscribe to, as a list or as one text with commas; <c>*</c>, the default, means all, those of the
    /// future included. Empty until <see cref="PointOptionsDefaults"/> has filled it in: the binder adds to a list that is there.
    /// </summary>
    public string[] EventTypes { get; set; } = [];

    /// <summary>
    /// The signature key (<c>webhooksSignatureAuthenticationKey</c>) as text. Left out, it is fetched from Syskit Point and
    /// follows its changes.
    /// </summary>
    public string? SignatureKey { get; set; }

    /// <summary>The application (client) id of the <em>Syskit Point API</em> application in Entra ID: the audience of the token.</summary>
    public string? ApiClientId { get; set; }

    /// <summary>The Entra ID tenant of the app registration that holds the role Point.Admin.</summary>
    public string? TenantId { get; set; }

    /// <summary>The client id of that app registration.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client secret of that app registration; left out, a managed identity signs in.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>A bearer token sent as it is, for development: accepted only with a loopback <see cref="BaseUrl"/>.</summary>
    public string? DevelopmentToken { get; set; }
}
