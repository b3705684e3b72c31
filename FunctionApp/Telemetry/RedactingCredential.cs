using Azure.Core;
using Azure.Identity;

namespace PointWebhooks.Telemetry;

/// <summary>
/// A credential whose failures quote nothing of what an identity provider answered: an answer that is malformed may hold a token,
/// and the exceptions of Azure.Identity and of its parser repeat parts of it.
/// </summary>
internal sealed class RedactingCredential(TokenCredential credential) : TokenCredential
{
    // What follows is the answer itself.
    private const string BeforeAnswer = "Error response received from the server";

    /// <inheritdoc/>
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return await credential.GetTokenAsync(requestContext, cancellationToken);
        }
        catch (AuthenticationFailedException e)
        {
            throw Redacted(e);
        }
    }

    /// <inheritdoc/>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return credential.GetToken(requestContext, cancellationToken);
        }
        catch (AuthenticationFailedException e)
        {
            throw Redacted(e);
        }
    }

    private static AuthenticationFailedException Redacted(AuthenticationFailedException failure) =>
        new(failure.Message.Split('\n')[0].Split(BeforeAnswer)[0].Trim());
}
