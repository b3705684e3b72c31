using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PointWebhooks.Simulator;

/// <summary>Bodies of events as the vendor documents them.</summary>
public static class SampleEvents
{
    /// <summary>The documented types.</summary>
    public static readonly IReadOnlyList<string> Types = ["ProvisioningStarted", "ProvisioningCompleted", "ProvisioningFailed"];

    /// <summary>The body of an event made now; an undocumented type gets an empty content.</summary>
    /// <param name="type">The event's type.</param>
    /// <param name="idempotencyKey">Its idempotency key.</param>
    /// <param name="size">The length in bytes that it is filled up to with white space, as JSON allows at its end.</param>
    /// <param name="url">The url of the workspace, of an event that has one; null for the usual one.</param>
    public static byte[] Body(string type, string idempotencyKey, int size = 0, string? url = null)
    {
        var json = JsonSerializer.Serialize(new
        {
            type,
            content = Content(type, url),
            meta = new
            {
                timeStamp = DateTime.UtcNow.ToString("s", CultureInfo.InvariantCulture),
                idempotencyKey,
            },
        });
        return Encoding.UTF8.GetBytes(json.PadRight(size));
    }

    private static Dictionary<string, string> Content(string type, string? url) => type switch
    {
        "ProvisioningStarted" => new()
        {
            ["name"] = "Project Phoenix",
            ["type"] = "MicrosoftTeams",
            ["requestedOn"] = DateTime.UtcNow.ToString("s", CultureInfo.InvariantCulture),
            ["requesterId"] = Guid.NewGuid().ToString(),
        },
        "ProvisioningCompleted" => new()
        {
            ["name"] = "Project Phoenix",
            ["type"] = "MicrosoftTeams",
            ["url"] = url ?? "https://contoso.sharepoint.com/sites/project-phoenix",
            ["microsoftId"] = Guid.NewGuid().ToString(),
        },
        "ProvisioningFailed" => new()
        {
            ["name"] = "Project Phoenix",
            ["type"] = "MicrosoftTeams",
            ["error"] = "The alias is already in use.",
            // With the space, as the vendor's published example has it.
            ["correlationId "] = Guid.NewGuid().ToString(),
        },
        _ => [],
    };
}
