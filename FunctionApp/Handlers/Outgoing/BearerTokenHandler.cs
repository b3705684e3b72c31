using System.Net.Http.Headers;
using Azure.Core;
using Azure.Identity;

namespace PointWebhooks.Handlers.Outgoing;

/// <summary>Adds a token of the app's identity to each call.</summary>
/// <param name="scope">What the token is for, with <c>/.default</c> at its end.</param>
internal sealed class BearerTokenHandler(HandlerIdentity identity, string scope) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var token = await identity.Token.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        }
        catch (AuthenticationFailedException e)
        {
            throw new HttpRequestException($"Microsoft Entra ID gave the app's identity no token: {e.Message}", e);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
