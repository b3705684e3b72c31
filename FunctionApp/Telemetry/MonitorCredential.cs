using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace PointWebhooks.Telemetry;

/// <summary>Who this app is towards Application Insights.</summary>
public static class MonitorCredential
{
    /// <summary>
    /// The managed identity that <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c> names (<c>Authorization=AAD;ClientId=…</c>, without
    /// <c>ClientId</c> the system-assigned one), as the Functions host understands it; else the one of <c>AZURE_CLIENT_ID</c>;
    /// else null: the connection string is enough for a resource that allows local authentication.
    /// </summary>
    public static TokenCredential? From(IConfiguration configuration)
    {
        var authentication = (configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] ?? "")
            .Split(';', StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToLookup(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        var isEntra = authentication["Authorization"].Contains("AAD", StringComparer.OrdinalIgnoreCase);
        var clientId = isEntra ? authentication["ClientId"].FirstOrDefault() : configuration["AZURE_CLIENT_ID"];
        return !string.IsNullOrEmpty(clientId) ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : isEntra ? new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned)
            : null;
    }
}
