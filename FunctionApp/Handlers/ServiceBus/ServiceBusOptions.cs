using System.Text.RegularExpressions;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.ServiceBus;

/// <summary>Section <c>Handlers:ServiceBus:{Name}</c>: CloudEvents to a queue or topic of Service Bus.</summary>
internal static partial class ServiceBusOptions
{
    private static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(15);

    public static ConfiguredHandler Read(HandlerSection section)
    {
        const string SetNamespace = "Set it to the host name of the namespace, such as contoso.servicebus.windows.net.";
        var scope = section.Scope(EventTypeList.All);
        var host = section.Required("Namespace", SetNamespace);
        // The token of the app's identity goes there.
        if (host.Length > 0 && !HostName().IsMatch(host))
            section.Fail("Namespace", $"is not the host name of a namespace. {SetNamespace}");
        var entity = section.Required("QueueOrTopic", "Set it to the name of a queue or a topic.");
        var hasSessions = section.Flag("Sessions", otherwise: false);

        return new ConfiguredHandler(section.Handler, section.Kind, scope, section.Limits(), services => new ServiceBusHandler(
            services.GetRequiredKeyedService<ServiceBusSender>(section.Handler),
            entity,
            hasSessions,
            services.GetRequiredService<IOptions<PointOptions>>().Value.BaseUrl!))
        {
            AddServices = services =>
            {
                services.TryAddSingleton<HandlerIdentity>();
                // The container disposes of both; a sender keeps its connection.
                services.AddKeyedSingleton(section.Handler, (provider, _) => new ServiceBusClient(
                    host,
                    provider.GetRequiredService<HandlerIdentity>().Token,
                    new ServiceBusClientOptions { RetryOptions = { MaxRetries = 1, TryTimeout = AttemptTime } }));
                services.AddKeyedSingleton(section.Handler, (provider, _) =>
                    provider.GetRequiredKeyedService<ServiceBusClient>(section.Handler).CreateSender(entity));
            },
        };
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9-]{4,48}[A-Za-z0-9]\.servicebus\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)\z", RegexOptions.IgnoreCase)]
    private static partial Regex HostName();
}
