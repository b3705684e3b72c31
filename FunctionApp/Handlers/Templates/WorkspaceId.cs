using System.Security.Cryptography;
using System.Text;
using PointWebhooks.Events;

namespace PointWebhooks.Handlers.Templates;

/// <summary>
/// What the events of one workspace have in common, as far as Syskit Point tells: its kind and its name. A hash of both, so that it is fit
/// for labels, queries and fields whatever the name is.
/// </summary>
internal static class WorkspaceId
{
    private const int Digits = 32;

    /// <summary><c>point-</c> and 32 hex digits; null for an event that names no workspace.</summary>
    public static string? Of(ProvisioningEvent? provisioning)
    {
        if (string.IsNullOrWhiteSpace(provisioning?.Name))
            return null;
        var text = $"{provisioning.Kind?.Value}\n{provisioning.Name.Trim()}".ToUpperInvariant();
        return $"point-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits]}";
    }
}
