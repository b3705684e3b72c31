namespace PointWebhooks.PointApi;

/// <summary>The options of a Syskit Point installation, as far as they concern webhooks.</summary>
/// <param name="WebhooksSignatureAuthenticationKey">The signature key, a GUID as text.</param>
internal sealed record PointServiceOptions(string? WebhooksSignatureAuthenticationKey);
