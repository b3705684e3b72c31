using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;

namespace PointWebhooks.PointApi;

/// <summary>
/// Who this app is towards Syskit Point, chosen by the settings alone: the development token, a client secret, a managed identity
/// as the federated credential of the app registration, or the managed identity itself.
/// </summary>
internal sealed class PointCredential
{
    // The audience that Entra ID expects of a token that stands in for a client secret.
    private const string TokenExchangeScope = "api://AzureADTokenExchange/.default";

    /// <summary>Chooses the credential; nothing is asked of it yet.</summary>
    public PointCredential(IOptions<PointOptions> options, IConfiguration configuration)
    {
        var point = options.Value;
        // AZURE_CLIENT_ID names the user-assigned identity, as it does for every Azure client library.
        var (identity, identityName) = configuration["AZURE_CLIENT_ID"] is { Length: > 0 } clientId
            ? (ManagedIdentityId.FromUserAssignedClientId(clientId), $"the managed identity {clientId}")
            : (ManagedIdentityId.SystemAssigned, "the system-assigned managed identity");

        (Token, Description) = point switch
        {
            { DevelopmentToken.Length: > 0 } => (new DevelopmentCredential(point.DevelopmentToken), "the development token"),
            { ClientSecret.Length: > 0 } => (
                (TokenCredential)new ClientSecretCredential(point.TenantId, point.ClientId, point.ClientSecret),
                $"the app registration {point.ClientId} with its client secret"),
            { ClientId.Length: > 0 } => (
                Federated(point, new ManagedIdentityCredential(identity)),
                $"the app registration {point.ClientId} with {identityName} as federated credential"),
            _ => (new ManagedIdentityCredential(identity), identityName),
        };
    }

    public TokenCredential Token { get; }

    /// <summary>Who it is, in words for an operator; no secret in it.</summary>
    public string Description { get; }

    private static ClientAssertionCredential Federated(PointOptions point, ManagedIdentityCredential identity) =>
        new(point.TenantId, point.ClientId, async cancellationToken =>
            (await identity.GetTokenAsync(new TokenRequestContext([TokenExchangeScope]), cancellationToken)).Token);
}
