using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Handlers.Configuration;

/// <summary>What settings make handlers, and what is said of settings that do not.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class HandlerSettingsTests
{
    private const string Url = "https://contoso.example/hook";

    private static IEnumerable<string> Kinds => ConfiguredHandlers.Kinds.Keys;

    [Test]
    public void Nothing_configured_is_no_handler()
    {
        using var services = Services();

        Assert.That(services.GetService<ConfiguredHandler>(), Is.Null);
    }

    [Test]
    public void Several_of_one_kind_have_names_of_their_own()
    {
        using var services = Services(("Handlers:Http:CRM:Url", Url), ("Handlers:http:mail-1:Url", Url), ("Handlers:Http:crm:Mode", "binary"));

        var handlers = services.GetServices<ConfiguredHandler>();
        Assert.That(handlers.Select(handler => handler.Name), Is.EquivalentTo(new[] { "http-crm", "http-mail-1" }));
        var registrations = services.GetServices<HandlerRegistration>();
        Assert.That(registrations.Select(handler => handler.Name), Is.EquivalentTo(new[] { "LogEventHandler", "http-crm", "http-mail-1" }));
    }

    [Test]
    public void Everything_that_is_wrong_with_handlers_is_said_at_once_by_the_whole_name_of_the_setting()
    {
        var failures = FailuresOf(
            ("Point:BaseUrl", "contoso"), ("Handlers:Htpp:a:Url", Url), ("Handlers:Http:Url", Url), ("Handlers:Http:b b:Url", Url),
            ("Handlers:Http:c:Urll", Url), ("Handlers:Http:d:Url", "http://contoso.example"), ("Handlers:Http:d:Concurrency", "many"),
            ("Handlers:Http:e:Url", Url), ("Handlers:Http:e:Mode", "fast"), ("Handlers:Http:e:EventTypes:0", "a b"),
            ("Handlers:Http:e:Body", "{{ name"), ("Handlers:Teams", "on"));

        Assert.That(failures.Select(failure => failure[..failure.IndexOf(failure.Contains(" is ", StringComparison.Ordinal) ? " is " : " names ", StringComparison.Ordinal)]), Is.EquivalentTo(
        [
            "Point:BaseUrl", "Handlers:Htpp", "Handlers:Http:b b", "Handlers:Http:c:Url", "Handlers:Http:c:Urll", "Handlers:Http:d:Url",
            "Handlers:Http:d:Concurrency", "Handlers:Http:e:EventTypes:0", "Handlers:Http:e:Mode", "Handlers:Http:e:Body",
            "Handlers:Http:Url", "Handlers:Teams",
        ]));
    }

    [TestCase("Handlers:Jirra:it:Url", "x", "Handlers:Jirra is no kind of handler. There are ")]
    [TestCase("Handlers:Http:Url", "x", "Handlers:Http:Url names no handler. Give the handler a name and write Handlers:Http:name:Url.")]
    [TestCase("Handlers:Http:a:Mode", "binary", "Handlers:Http:a:Url is missing. Set it to the url of the receiver, such as https://contoso.example/webhooks.")]
    [TestCase("Handlers:Http:it:Secrett", "x", "Handlers:Http:it:Secrett is no setting of a handler of kind Http, and would do nothing. There are Authorization, Body, Concurrency, EventTypes, Headers, Mode, PreviousSecret, Secret, Url, WorkspaceKinds.")]
    public void What_is_wrong_is_said_with_what_to_put(string setting, string value, string expected) =>
        Assert.That(FailuresOf((setting, value)), Has.Some.StartsWith(expected));

    [TestCase("Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "Mode is Binary, and there is a Secret, which would not cover the headers, or a Body.")]
    [TestCase("Body", """{ "name": {{ name | json }} }""", "Mode is Binary, and there is a Secret, which would not cover the headers, or a Body.")]
    [TestCase("Headers:authorization", "Bearer x", "Headers:authorization is not a header that can be set here.")]
    [TestCase("Headers:Idempotency_Key", "x", "Headers:Idempotency_Key is a header by which the app itself says which event it is.")]
    [TestCase("Headers:Webhook-Id", "x", "Headers:Webhook-Id is a header by which the app itself says which event it is.")]
    [TestCase("Headers:ce_type", "x", "Headers:ce_type is a header by which the app itself says which event it is.")]
    [TestCase("Headers:webhook-token", "x", null)]
    [TestCase("Headers:Content-Type", "text/plain", "Headers:Content-Type is not a header that can be set here.")]
    [TestCase("Headers:X Api Key", "x", "Headers:X Api Key is not a header that can be set here.")]
    [TestCase("Headers:X-Api-Key", "k\u00e4y", "Headers:X-Api-Key has a line break or a letter that is not ASCII in it, which a header cannot carry.")]
    [TestCase("Headers:X-Api-Key", "x", null)]
    [TestCase("Headers:X_Api_Key", "x", null)]
    [TestCase("Headers:Content_Type", "text/plain", "Headers:Content_Type is not a header that can be set here.")]
    public void What_would_not_be_sent_as_it_is_meant_is_refused(string setting, string value, string? problem) => Assert.That(
        FailuresOf(("Handlers:Http:a:Url", Url), ("Handlers:Http:a:Mode", "Binary"), ($"Handlers:Http:a:{setting}", value)),
        problem is null ? Is.Empty : Has.Count.EqualTo(1).And.One.StartsWith($"Handlers:Http:a:{problem}"));

    [TestCase("""{ "u_name": "{{ name }}" }""", "ProvisioningStarted")]
    [TestCase("""{ "u_url": "{{ url }}" }""", "ProvisioningCompleted")]
    [TestCase("""{ "u_error": "{{ error }}" }""", "ProvisioningFailed")]
    [TestCase("""{ "u_name": {{ name | json }}, "u_kind": "{{ kind }}", "u_url": {{ url | json }}, "u_error": {{ error | json }} }""", null)]
    public void A_body_that_a_name_could_break_or_add_to_is_refused(string body, string? type) => Assert.That(
        FailuresOf(("Handlers:Http:a:Url", Url), ("Handlers:Http:a:Body", body)),
        type is null
            ? Is.Empty
            : Has.Count.EqualTo(1).And.One.StartsWith($"Handlers:Http:a:Body makes no JSON object of a {type} that has a quote in its name, its url or its error."));

    [Test]
    public void A_header_that_is_written_twice_is_refused() => Assert.That(
        FailuresOf(("Handlers:Http:a:Url", Url), ("Handlers:Http:a:Headers:X-Api-Key", "one"), ("Handlers:Http:a:Headers:X_Api_Key", "two")),
        Has.Count.EqualTo(1).And.One.EndsWith("is a second value of the header X-Api-Key: an underscore stands for a dash. Remove one."));

    [TestCase("0", false)]
    [TestCase("1", true)]
    [TestCase("100", true)]
    [TestCase("101", false)]
    public void One_to_a_hundred_events_may_be_handled_at_once(string value, bool isTaken)
    {
        var failures = FailuresOf(("Handlers:Http:a:Url", Url), ("Handlers:Http:a:Concurrency", value));

        Assert.That(failures, isTaken ? Is.Empty : Has.Count.EqualTo(1).And.One.StartsWith(
            $"Handlers:Http:a:Concurrency is '{value}'. "
            + "Set it to how many events are handled at once, a number from 1 to 100; 4 is the default."));
    }

    [TestCase(23, false)]
    [TestCase(24, true)]
    [TestCase(64, true)]
    [TestCase(65, false)]
    public void A_secret_to_sign_with_has_24_to_64_bytes(int length, bool isTaken)
    {
        var failures = FailuresOf(
            ("Handlers:Http:a:Url", Url), ("Handlers:Http:a:Secret", $"whsec_{Convert.ToBase64String(new byte[length])}"));

        Assert.That(failures, isTaken ? Is.Empty : Has.Count.EqualTo(1).And.One.StartsWith(
            "Handlers:Http:a:Secret is not a secret of Standard Webhooks. Set it to whsec_ and 24 to 64 random bytes in base64"));
    }

    [Test]
    public void A_template_that_is_wrong_is_an_error_and_one_that_names_nothing_a_warning()
    {
        Assert.That(
            FailuresOf(("Handlers:Http:a:Url", Url), ("Handlers:Http:a:Body", "{% if %}")),
            Has.One.StartsWith("Handlers:Http:a:Body is not a Liquid template: "));
        Assert.That(
            FailuresOf(("Handlers:Http:a:Url", Url), ("Handlers:Http:a:Body", "{ \"name\": {{ name }} }")),
            Has.Some.StartsWith("Handlers:Http:a:Body does not make a JSON object of a ProvisioningStarted."));
        Assert.That(
            WarningsOf(("Handlers:Http:a:Url", Url), ("Handlers:Http:a:Body", "{ \"name\": {{ nmae | json }} }")),
            Has.One.StartsWith("Handlers:Http:a:Body uses 'nmae', which no documented event has."));
    }

    [Test]
    public void A_template_that_cannot_be_rendered_is_an_error_of_its_setting() => Assert.That(
        FailuresOf(
            ("Handlers:Teams:a:WebhookUrl", "https://prod-01.westeurope.logic.azure.com/x"),
            ("Handlers:Teams:a:Text", "{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}")),
        Has.Count.EqualTo(1).And.One.StartsWith("Handlers:Teams:a:Text cannot be rendered for Provisioning"));

    [TestCase("teams", null)]
    [TestCase("MicrosoftTeam", "has 'MicrosoftTeam', which is no kind of workspace")]
    public void A_kind_of_workspace_that_is_not_known_is_warned_of(string kind, string? warning) => Assert.That(
        WarningsOf(("Handlers:Http:a:Url", Url), ("Handlers:Http:a:WorkspaceKinds", kind)),
        warning is null ? Is.Empty : Has.Count.EqualTo(1).And.One.StartsWith($"Handlers:Http:a:WorkspaceKinds {warning}"));

    [TestCase(40, true)]
    [TestCase(41, false)]
    public void The_name_of_a_handler_has_forty_characters_at_most(int length, bool isTaken)
    {
        var name = new string('a', length);

        Assert.That(FailuresOf(($"Handlers:Http:{name}:Url", Url)), isTaken ? Is.Empty : Has.Count.EqualTo(1).And.One.StartsWith($"Handlers:Http:{name} "));
    }

    [Test]
    public void The_secret_before_is_of_no_use_without_the_one_that_replaces_it() => Assert.That(
        FailuresOf(("Handlers:Http:a:Url", Url), ("Handlers:Http:a:PreviousSecret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
        Has.Count.EqualTo(1).And.One.StartsWith("Handlers:Http:a:PreviousSecret is set and Secret is missing."));

    [Test]
    public void No_secret_of_a_handler_is_repeated()
    {
        const string Secret = "s3cret-never-repeated";
        var failures = FailuresOf(
            ("Handlers:Http:a:Url", $"http://contoso.example/{Secret}"), ("Handlers:Http:a:Secret", Secret),
            ("Handlers:Http:b:Url", $"https://{Secret}@contoso.example"), ("Handlers:Http:b:PreviousSecret", $"whsec_{Secret}"),
            ("Handlers:Http:b:Authorization", $"Bearer {Secret}\u00e4"), ("Handlers:Teams:c:WebhookUrl", $"https://contoso.example/?sig={Secret}"));

        Assert.That(failures, Has.Count.EqualTo(6));
        Assert.That(failures, Has.None.Contains(Secret));
    }

    [Test]
    public void Only_events_that_are_wanted_are_handled()
    {
        var scope = new HandlerScope(["ProvisioningCompleted", "New"], [WorkspaceKind.MicrosoftTeams]);

        Assert.That(Wants(scope, """{"type":"ProvisioningCompleted","content":{"type":"teams"}}"""), Is.True);
        Assert.That(Wants(scope, """{"type":"ProvisioningCompleted","content":{"type":"M365Group"}}"""), Is.False);
        Assert.That(Wants(scope, """{"type":"ProvisioningCompleted","content":{}}"""), Is.False);
        Assert.That(Wants(scope, """{"type":"ProvisioningFailed","content":{"type":"MicrosoftTeams"}}"""), Is.False);
        Assert.That(Wants(scope, """{"type":"New"}"""), Is.False);
        Assert.That(Wants(scope with { WorkspaceKinds = [] }, """{"type":"new"}"""), Is.True);
        Assert.That(Wants(new HandlerScope(["*"], []), """{"type":"Anything"}"""), Is.True);
    }

    [TestCase("Jira", null, "ProvisioningStarted, ProvisioningCompleted, ProvisioningFailed")]
    [TestCase("ServiceNow", null, "ProvisioningFailed, ProvisioningCompleted")]
    [TestCase("ServiceNow", "incident", "ProvisioningFailed, ProvisioningCompleted")]
    [TestCase("ServiceNow", "sc_req_item", "ProvisioningStarted, ProvisioningCompleted, ProvisioningFailed")]
    [TestCase("Teams", null, "ProvisioningCompleted, ProvisioningFailed")]
    [TestCase("Http", null, "*")]
    [TestCase("EventGrid", null, "*")]
    [TestCase("ServiceBus", null, "*")]
    public void What_nobody_has_chosen_are_the_types_that_suit_the_kind_and_four_at_once(string kind, string? table, string types)
    {
        var handler = Read(kind, ("Table", table));

        Assert.That(string.Join(", ", handler.Scope.EventTypes), Is.EqualTo(types));
        Assert.That(handler.Limits.Concurrency, Is.EqualTo(4));
    }

    [TestCaseSource(nameof(Kinds))]
    public void Every_kind_takes_the_types_the_workspaces_and_the_number_at_once_of_its_settings(string kind)
    {
        var handler = Read(kind, ("EventTypes", "provisioningstarted,New"), ("WorkspaceKinds", "teams"), ("Concurrency", "7"));

        Assert.That(handler.Scope.EventTypes, Is.EqualTo(["ProvisioningStarted", "New"]));
        Assert.That(handler.Scope.WorkspaceKinds, Is.EqualTo([WorkspaceKind.MicrosoftTeams]));
        Assert.That(handler.Limits.Concurrency, Is.EqualTo(7));
    }

    [Test]
    public void The_app_gives_a_handler_what_it_wants_and_as_much_at_once_as_it_may_have()
    {
        using var services = Services(
            ("Handlers:Teams:it:WebhookUrl", "https://prod-01.westeurope.logic.azure.com/x"),
            ("Handlers:Teams:it:EventTypes", "ProvisioningStarted"),
            ("Handlers:Teams:it:Concurrency", "7"));

        var registration = services.GetServices<HandlerRegistration>().Single(handler => handler.Name == "teams-it");

        Assert.That(registration.Limits?.Concurrency, Is.EqualTo(7));
        Assert.That(registration.Handles(Event("""{"type":"ProvisioningStarted","content":{}}""")), Is.True);
        Assert.That(registration.Handles(Event("""{"type":"ProvisioningCompleted","content":{}}""")), Is.False);
    }

    [Test]
    public void A_handler_of_the_code_that_has_the_name_of_one_of_the_settings_is_an_error_that_says_so()
    {
        using var handler = Services(("Handlers:Http:a:Url", Url));

        Assert.That(
            () => new ServiceCollection()
                .AddConfiguredHandler(handler.GetRequiredService<ConfiguredHandler>())
                .AddEventHandler<RecordingHandler>("http-a"),
            Throws.InvalidOperationException.With.Message.StartsWith("Two handlers are named 'http-a'."));
    }

    private static ConfiguredHandler Read(string kind, params (string Setting, string? Value)[] settings) =>
        ConfiguredHandlers.Kinds[kind](HandlerUnderTest.Section(kind, settings));

    private static bool Wants(HandlerScope scope, string body) => scope.Wants(Event(body));

    private static PointEvent Event(string body) => HandlerUnderTest.Read(HandlerUnderTest.Body(body)).Event;
}
