using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PointWebhooks.Events;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Handlers.Templates;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.Teams;

/// <summary>Section <c>Handlers:Teams:{Name}</c>: a card in a channel or chat, through a workflow.</summary>
/// <param name="WebhookUrl">The url of the workflow. Its query is a secret.</param>
/// <param name="IsBareCard">Whether the card is sent as it is, not as the attachment of a message.</param>
/// <param name="Title">Its title.</param>
/// <param name="Text">What stands below, or null.</param>
/// <param name="Link">Where its button leads, or null.</param>
/// <param name="LinkTitle">What is on the button.</param>
/// <param name="Facts">More facts, by their labels.</param>
internal sealed record TeamsOptions(
    Uri? WebhookUrl,
    bool IsBareCard,
    EventTemplate? Title,
    EventTemplate? Text,
    EventTemplate? Link,
    EventTemplate? LinkTitle,
    IReadOnlyDictionary<string, EventTemplate> Facts)
{
    private const string SetUrl =
        "Set it to the url that the workflow shows at its trigger 'When a Teams webhook request is received'.";
    // With a slash before /.default: the audience that the service wants ends in one.
    private const string Scope = "https://service.flow.microsoft.com//.default";
    private const string DefaultLink = "{% if url %}{{ url }}{% else %}{{ pointUrl }}{% endif %}";
    private const string DefaultLinkTitle = "{% if url %}Open the {{ kindName }}{% else %}Open Syskit Point{% endif %}";

    private static readonly string[] DefaultHosts = ["logic.azure.com", "api.powerplatform.com"];

    public static ConfiguredHandler Read(HandlerSection section)
    {
        var scope = section.Scope(EventTypes.ProvisioningCompleted, EventTypes.ProvisioningFailed);
        var options = new TeamsOptions(
            Url(section),
            section.Choice("Payload", "Message", "Card") == "Card",
            section.Template("Title", scope, DefaultTexts.Title),
            section.Template("Text", scope, null),
            section.Template("Link", scope, DefaultLink),
            section.Template("LinkTitle", scope, DefaultLinkTitle),
            section.Templates("Facts", scope));
        var isSignedIn = section.Choice("Authentication", "None", "ManagedIdentity") == "ManagedIdentity";

        return new ConfiguredHandler(section.Handler, section.Kind, scope, section.Limits(), services => new TeamsHandler(
            options,
            Downstream.Of(services, section.Handler, "The workflow"),
            services.GetRequiredService<IOptions<PointOptions>>().Value.BaseUrl!))
        {
            AddServices = services => AddServices(services, section.Handler, isSignedIn),
        };
    }

    private static void AddServices(IServiceCollection services, string handler, bool isSignedIn)
    {
        var client = services.AddHandlerHttpClient(handler);
        if (!isSignedIn)
            return;
        services.TryAddSingleton<HandlerIdentity>();
        client.AddHttpMessageHandler(provider => new BearerTokenHandler(provider.GetRequiredService<HandlerIdentity>(), Scope));
    }

    private static Uri? Url(HandlerSection section)
    {
        var listed = section.List("Hosts").Select(entry => entry.Text.TrimStart('*').Trim('.')).ToList();
        var hosts = listed.Count > 0 ? listed : [.. DefaultHosts];
        if (section.RequiredUrl("WebhookUrl", SetUrl) is not { } url)
            return null;

        if (url.Host.EndsWith(".webhook.office.com", StringComparison.OrdinalIgnoreCase)
            || url.Host.EndsWith("outlook.office.com", StringComparison.OrdinalIgnoreCase))
        {
            section.Fail("WebhookUrl", $"is the url of an Office 365 connector, and those have ended. Make a workflow in Teams. {SetUrl}");
        }
        else if (!url.IsLoopback && !hosts.Any(host => $".{url.Host}".EndsWith($".{host}", StringComparison.OrdinalIgnoreCase)))
        {
            section.Fail(
                "WebhookUrl",
                $"is at {SettingsReader.Quoted(url.Host)}, which does not end in {string.Join(" or ", hosts)}. {SetUrl} "
                + $"If it is right, set {section.Setting("Hosts")} to what the host ends in.");
        }

        return url;
    }
}
