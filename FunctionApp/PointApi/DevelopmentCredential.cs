using Azure.Core;

namespace PointWebhooks.PointApi;

/// <summary>A token that is sent as it is, for a Syskit Point on the developer's own machine.</summary>
internal sealed class DevelopmentCredential(string token) : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(token, DateTimeOffset.MaxValue);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
