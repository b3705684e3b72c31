using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace PointWebhooks.Settings;

/// <summary>Fills in what is left out: the app's own host name, which the platform knows, and all event types.</summary>
public sealed class PointOptionsDefaults(IConfiguration configuration) : IPostConfigureOptions<PointOptions>
{
    /// <summary>The path of the receiver, as its function is routed under the host's default prefix.</summary>
    public const string ReceiverPath = "/api/webhooks/point";

    /// <inheritdoc/>
    public void PostConfigure(string? name, PointOptions options)
    {
        if (string.IsNullOrEmpty(options.EndpointUrl) && configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } hostName)
            options.EndpointUrl = $"https://{hostName}{ReceiverPath}";

        // The binder passes over a list that is written as one text: without this, such a setting would mean all types.
        if (options.EventTypes.Length == 0)
        {
            options.EventTypes = configuration[$"{PointOptions.Section}:{nameof(PointOptions.EventTypes)}"] is { Length: > 0 } text
                ? text.Split(',', StringSplitOptions.TrimEntries)
                : ["*"];
        }
    }
}
