using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace PointWebhooks.Settings;

/// <summary>Fills in what the platform knows: the app's own host name.</summary>
public sealed class PointOptionsDefaults(IConfiguration configuration) : IPostConfigureOptions<PointOptions>
{
    /// <summary>The path of the receiver, as its function is routed under the host's default prefix.</summary>
    public const string ReceiverPath = "/api/webhooks/point";

    /// <inheritdoc/>
    public void PostConfigure(string? name, PointOptions options)
    {
        if (string.IsNullOrEmpty(options.EndpointUrl) && configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } hostName)
            options.EndpointUrl = $"https://{hostName}{ReceiverPath}";
    }
}
