using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Settings;

/// <summary>What is said of a setting, to its last word: what is wrong, and what to put there.</summary>
internal sealed class SettingsMessageTests
{
    private const string Receiver = "/api/webhooks/point";

    [TestCase("Point:SelfCheck", "perhaps", "Point:SelfCheck is 'perhaps'. Set it to true or false; true is the default.")]
    [TestCase("Point:ClientSecret", "a b",
        "Point:ClientSecret has a blank, a line break, a quote or a backslash in it. Set it to the value alone, as it was copied from its source.")]
    [TestCase("Point:DevelopmentToken", "token",
        "Point:DevelopmentToken is set and Point:BaseUrl is not a loopback address. "
        + "Remove Point:DevelopmentToken; towards a real Syskit Point, sign in with Point:ClientId or a managed identity.")]
    [TestCase("Point:TenantId", Id,
        "Point:TenantId is set and Point:ClientId is missing. Set Point:ClientId to the app registration that holds the role Point.Admin, "
        + "or remove Point:TenantId to sign in as the managed identity itself.")]
    [TestCase("Point:EventTypes", "[x", "Point:EventTypes:0 is '[x'. Set it to * for all events, or to one type, such as ProvisioningCompleted.")]
    [TestCase("APPLICATIONINSIGHTS_CONNECTION_STRING", "secret",
        "APPLICATIONINSIGHTS_CONNECTION_STRING is not a connection string of Application Insights. "
        + "Copy it from the resource's overview: it begins with InstrumentationKey=.")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://127.0.0.1:4317",
        "OTEL_EXPORTER_OTLP_ENDPOINT is not a url. Set it to the address of an OTLP receiver, such as http://127.0.0.1:4317.")]
    [TestCase("AZURE_CLIENT_ID", $" {Id}",
        "AZURE_CLIENT_ID has blanks, a line break or quotes around it, which the Functions host would not take off. Remove them.")]
    public void A_wrong_setting_is_named_with_what_to_put_there(string setting, string value, string said) =>
        Assert.That(FailuresOf((setting, value)), Does.Contain(said));

    [TestCase("Point:SelfCheck", "false")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otlp.example")]
    [TestCase("AZURE_CLIENT_ID", Id)]
    [TestCase("Retry:Schedule", "1.00:00:00.5")]
    public void A_right_setting_is_not(string setting, string value) => Assert.That(FailuresOf((setting, value)), Is.Empty);

    [TestCase(null, true)]
    [TestCase("true", true)]
    [TestCase("False", false)]
    public void An_app_calls_its_own_url_unless_it_is_told_not_to(string? value, bool expected)
    {
        using var services = Services(("Point:SelfCheck", value));

        Assert.That(services.GetRequiredService<IOptions<PointOptions>>().Value.SelfCheck, Is.EqualTo(expected));
        Assert.That(new PointOptions().SelfCheck, Is.True);
    }

    [TestCase("*", false)]
    [TestCase("ProvisioningStarted", false)]
    [TestCase("provisioningcompleted,ProvisioningFailed", false)]
    [TestCase("Unreadable", false)]
    [TestCase("WorkspaceArchived", true)]
    public void Of_types_those_that_nobody_documents_are_warned_of(string types, bool isWarned) => Assert.That(
        WarningsOf(("Point:EventTypes", types)),
        Is.EqualTo(isWarned ? [$"Point:EventTypes:0 is '{types}', which is no type that Syskit Point documents."] : Array.Empty<string>()));

    [Test]
    public void A_url_where_this_app_does_not_receive_is_warned_of() => Assert.That(
        WarningsOf(("Point:EndpointUrl", "https://h.example/hooks")).Single(),
        Does.StartWith(
            $"Point:EndpointUrl does not end in {Receiver}, where this app receives events. "
            + "Unless a gateway leads from there to here, no event arrives. Set ")
            .And.EndsWith("."));

    [TestCase(40, "")]
    [TestCase(41, "…")]
    public void A_value_is_quoted_in_its_first_forty_characters(int length, string end) =>
        Assert.That(SettingsReader.Quoted(new string('x', length)), Is.EqualTo($"'{new string('x', 40)}{end}'"));

    [TestCase("Handlers:Http:main:Urll", "x")]
    [TestCase("Handlers:Http:main:Url:Deep", "x")]
    public void What_a_handlers_section_does_not_know_is_named_however_deep_it_stands(string setting, string value) => Assert.That(
        FailuresOf(("Handlers:Http:main:Url", "https://h.example/hook"), (setting, value)).Where(said => said.StartsWith(setting, StringComparison.Ordinal)),
        Has.Exactly(1).Items);

    [TestCase("https://h.example/api/webhooks/point?code=other", true)]
    [TestCase("https://H.example/API/webhooks/point", true)]
    [TestCase("https://g.example/api/webhooks/point", false)]
    [TestCase("https://h.example/gateway/api/webhooks/point", false)]
    [TestCase("https://h.example:444/api/webhooks/point", false)]
    public void A_deployment_is_known_by_host_and_path_of_its_url(string url, bool isSame)
    {
        var mark = EndpointMark.Of(new PointOptions { EndpointUrl = "https://h.example/api/webhooks/point?code=secret" });

        Assert.That(mark, Does.Match("^[0-9a-f]{16}$"));
        Assert.That(EndpointMark.Of(new PointOptions { EndpointUrl = url }) == mark, Is.EqualTo(isSame));
    }
}
