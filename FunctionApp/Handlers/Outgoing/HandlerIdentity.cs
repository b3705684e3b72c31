using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Handlers.Outgoing;

/// <summary>
/// Who handlers are towards Azure: the managed identity of <c>AZURE_CLIENT_ID</c>; without it, the system-assigned one, or who is
/// signed in on a developer's machine.
/// </summary>
internal sealed class HandlerIdentity(IConfiguration configuration)
{
    private readonly Lazy<TokenCredential> token = new(() => new RedactingCredential(
        configuration["AZURE_CLIENT_ID"] is { Length: > 0 } clientId
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : new DefaultAzureCredential()));

    /// <summary>Its tokens; kept until shortly before they expire.</summary>
    public TokenCredential Token => token.Value;
}
