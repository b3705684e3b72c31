using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Events;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Handlers.Templates;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.Http;

/// <summary>Section <c>Handlers:Http:{Name}</c>: events sent to a url, as CloudEvents or in a form of one's own.</summary>
/// <param name="Url">Where to. All of it but the host may be a secret.</param>
/// <param name="Secrets">What to sign with: none, one, or two while one replaces the other.</param>
/// <param name="IsBinary">Whether a CloudEvent is sent in binary mode, its attributes in headers.</param>
/// <param name="Body">The JSON to send in place of a CloudEvent, or null.</param>
/// <param name="Authorization">The header <c>Authorization</c>, or null.</param>
/// <param name="Headers">Other headers, such as an API key's, by their names.</param>
internal sealed record HttpTargetOptions(
    Uri? Url,
    IReadOnlyList<byte[]> Secrets,
    bool IsBinary,
    EventTemplate? Body,
    string? Authorization,
    IReadOnlyDictionary<string, string> Headers)
{
    private const string SetSecret =
        "Set it to whsec_ and 24 to 64 random bytes in base64, as printf 'whsec_%s' \"$(openssl rand -base64 32)\" makes it.";

    private const string QuoteTexts = "Write texts as {{ name | json }}, which puts them in quotes and escapes them.";
    private const string WhatJsonEscapes = "\"\\\n";

    // Beside those of a CloudEvent in binary mode.
    private static readonly HashSet<string> OwnHeaders = new(
        [HttpTarget.IdempotencyKey, WebhookSignature.IdHeader, WebhookSignature.TimestampHeader, WebhookSignature.SignatureHeader],
        StringComparer.OrdinalIgnoreCase);

    public static ConfiguredHandler Read(HandlerSection section)
    {
        var scope = section.Scope(EventTypeList.All);
        var url = section.RequiredUrl("Url", "Set it to the url of the receiver, such as https://contoso.example/webhooks.");
        if (url is { UserInfo.Length: > 0 } or { Fragment.Length: > 0 })
            section.Fail("Url", "has a user name or a fragment, which are never sent. Set Authorization instead.");
        var (secret, previous) = (section.Word("Secret"), section.Word("PreviousSecret"));
        if (previous is not null && secret is null)
            section.Fail("PreviousSecret", "is set and Secret is missing. Set Secret to the one that replaces it.");
        var options = new HttpTargetOptions(
            url,
            [.. Secret(section, "Secret", secret), .. Secret(section, "PreviousSecret", previous)],
            section.Choice("Mode", "Structured", "Binary") == "Binary",
            JsonBody(section, scope),
            Header(section, "Authorization"),
            HeadersOf(section));
        if (options.IsBinary && (secret is not null || options.Body is not null))
            section.Fail("Mode", "is Binary, and there is a Secret, which would not cover the headers, or a Body. Remove it, or the mode.");

        return new ConfiguredHandler(section.Handler, section.Kind, scope, section.Limits(), services => new HttpTarget(
            options,
            Downstream.Of(services, section.Handler, "The receiver"),
            services.GetRequiredService<IOptions<PointOptions>>().Value.BaseUrl!,
            services.GetRequiredService<TimeProvider>()))
        {
            AddServices = services => services.AddHandlerHttpClient(section.Handler),
        };
    }

    /// <summary>Whether a text is what <c>Body</c> has to make.</summary>
    public static bool IsJsonObject(string text) => LenientJson.TryParse(text) is { ValueKind: JsonValueKind.Object };

    private static IEnumerable<byte[]> Secret(HandlerSection section, string setting, string? text)
    {
        if (text is null)
            return [];
        if (WebhookSignature.ReadSecret(text) is { } secret)
            return [secret];

        section.Fail(setting, $"is not a secret of Standard Webhooks. {SetSecret}");
        return [];
    }

    private static EventTemplate? JsonBody(HandlerSection section, HandlerScope scope)
    {
        var template = section.Template("Body", scope, null);
        foreach (var type in template is null ? [] : TemplateSamples.TypesOf(scope.EventTypes))
        {
            if (!IsJsonObject(template!.Render(TemplateSamples.Model(type))))
                section.Fail("Body", $"does not make a JSON object of a {type}. {QuoteTexts}");
            else if (!IsJsonObject(template.Render(TemplateSamples.Model(type, WhatJsonEscapes))))
                section.Fail("Body", $"makes no JSON object of a {type} that has a quote in its name, its url or its error. {QuoteTexts}");
        }

        return template;
    }

    // App settings of Azure, and environment variables, take no dash: X_Api_Key is X-Api-Key.
    private static Dictionary<string, string> HeadersOf(HandlerSection section)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        using var probe = new HttpRequestMessage();
        foreach (var setting in section.Children("Headers"))
        {
            var name = setting.Replace('_', '-');
            if (!probe.Headers.TryAddWithoutValidation(name, "") || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
            {
                section.Fail(
                    $"Headers:{setting}",
                    "is not a header that can be set here. Use another name, such as X_Api_Key for X-Api-Key, or the setting Authorization.");
            }
            else if (OwnHeaders.Contains(name) || name.StartsWith("ce-", StringComparison.OrdinalIgnoreCase))
            {
                section.Fail($"Headers:{setting}", "is a header by which the app itself says which event it is. Use another name.");
            }

            if (Header(section, $"Headers:{setting}") is { } value && !headers.TryAdd(name, value))
                section.Fail($"Headers:{setting}", $"is a second value of the header {name}: an underscore stands for a dash. Remove one.");
        }

        return headers;
    }

    private static string? Header(HandlerSection section, string setting)
    {
        var value = section.Text(setting);
        if (value is not null && !value.All(c => c is >= ' ' and <= '~'))
        {
            section.Fail(
                setting, "has a line break or a letter that is not ASCII in it, which a header cannot carry. Set it to the value alone.");
        }

        return value;
    }
}
