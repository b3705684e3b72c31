namespace PointWebhooks.Settings;

/// <summary>Section <c>Point</c>: the Syskit Point installation, this app's endpoint there, and how this app signs in.</summary>
public sealed record PointOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Point";

    /// <summary>The path of the receiver, as its function is routed under the host's default prefix.</summary>
    public const string ReceiverPath = "/api/webhooks/point";

    /// <summary>The event type that means all, those of the future included.</summary>
    public const string AllEventTypes = "*";

    /// <summary>The address of the Syskit Point web app, such as <c>https://contoso.syskit365demo.com</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>
    /// The url to register, where Syskit Point will send events. By default <c>https://{WEBSITE_HOSTNAME}/api/webhooks/point</c>;
    /// Azure sets <c>WEBSITE_HOSTNAME</c>. A query in it is a secret: it is registered and never logged.
    /// </summary>
    public string? EndpointUrl { get; init; }

    /// <summary>
    /// Whether this app calls <see cref="EndpointUrl"/> after it is registered, unsigned, to see that it is this app that answers there.
    /// </summary>
    public bool SelfCheck { get; init; } = true;

    /// <summary>The event types to subscribe to.</summary>
    public IReadOnlyList<string> EventTypes { get; init; } = [AllEventTypes];

    /// <summary>
    /// The signature key (<c>webhooksSignatureAuthenticationKey</c>) as text. Left out, it is fetched from Syskit Point and
    /// follows its changes.
    /// </summary>
    public string? SignatureKey { get; init; }

    /// <summary>The application (client) id of the <em>Syskit Point API</em> application in Entra ID: the audience of the token.</summary>
    public string? ApiClientId { get; init; }

    /// <summary>The Entra ID tenant of the app registration that holds the role Point.Admin: its GUID or one of its domains.</summary>
    public string? TenantId { get; init; }

    /// <summary>The client id of that app registration.</summary>
    public string? ClientId { get; init; }

    /// <summary>The client secret of that app registration; left out, a managed identity signs in.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>A bearer token sent as it is, for development: accepted only with a loopback <see cref="BaseUrl"/>.</summary>
    public string? DevelopmentToken { get; init; }
}
