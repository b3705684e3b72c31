using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Messaging.EventGrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.EventGrid;

/// <summary>Section <c>Handlers:EventGrid:{Name}</c>: CloudEvents to a custom topic or a domain of Event Grid.</summary>
internal static class EventGridOptions
{
    private const string SetEndpoint =
        "Set it to the endpoint of a topic with the schema CloudEventSchemaV1_0, "
        + "such as https://contoso.westeurope-1.eventgrid.azure.net/api/events.";

    // Below the time of a whole run.
    private static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(30);

    public static ConfiguredHandler Read(HandlerSection section)
    {
        var scope = section.Scope(EventTypeList.All);
        var endpoint = section.RequiredUrl("Endpoint", SetEndpoint);
        // The token of the app's identity goes there.
        if (endpoint is not null
            && (endpoint.PathAndQuery != "/api/events" || endpoint.Host.Split('.') is not [_, .., "eventgrid", "azure", "net" or "us" or "cn"]))
        {
            section.Fail("Endpoint", $"is not the endpoint of a topic. {SetEndpoint}");
        }

        return new ConfiguredHandler(section.Handler, section.Kind, scope, section.Limits(), services => new EventGridHandler(
            services.GetRequiredKeyedService<EventGridPublisherClient>(section.Handler),
            endpoint!,
            services.GetRequiredService<IOptions<PointOptions>>().Value.BaseUrl!,
            services.GetRequiredService<TimeProvider>()))
        {
            AddServices = services =>
            {
                services.TryAddSingleton<HandlerIdentity>();
                services.AddKeyedSingleton(
                    section.Handler, (provider, _) => Client(endpoint!, provider.GetRequiredService<HandlerIdentity>().Token, null));
            },
        };
    }

    /// <summary>
    /// A client without retries of its own: Event Grid recognizes no repetition, and the ledger repeats what failed.
    /// </summary>
    /// <param name="transport">What carries its requests; null for HTTP.</param>
    public static EventGridPublisherClient Client(Uri endpoint, TokenCredential credential, HttpPipelineTransport? transport)
    {
        var options = new EventGridPublisherClientOptions { Retry = { MaxRetries = 0, NetworkTimeout = AttemptTime } };
        if (transport is not null)
            options.Transport = transport;
        return new EventGridPublisherClient(endpoint, credential, options);
    }
}
