using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Settings;

/// <summary>What section Point makes of its settings, and what it says when one is wrong.</summary>
internal sealed class PointOptionsTests
{
    private const string Secret = "s3cret-never-repeated";
    private const string Key = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    private const string Reference = "@Microsoft.KeyVault(SecretUri=https://v.example/secrets/k)";
    private const string Blank = "has a blank, a line break, a quote or a backslash in it.";

    [TestCase("BaseUrl", "https://contoso.syskit365demo.com/ \n", "https://contoso.syskit365demo.com/")]
    [TestCase("BaseUrl", "'https://contoso.example/point'", "https://contoso.example/point")]
    [TestCase("EndpointUrl", "\"https://h.example/API/webhooks/point/?code=a==\"", "https://h.example/API/webhooks/point/?code=a==")]
    [TestCase("SignatureKey", Key, Key)]
    [TestCase("SignatureKey", $"\ufeff{Key}\r\n", Key)]
    [TestCase("SignatureKey", $"\"{Key}\"", Key)]
    [TestCase("SignatureKey", $"{{{Key}}}", Key)]
    [TestCase("SignatureKey", "{no-guid}", "{no-guid}")]
    [TestCase("SignatureKey", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6")]
    [TestCase("ApiClientId", $" {Id}\n", Id)]
    [TestCase("ApiClientId", $"{{{Id}}}", Id)]
    [TestCase("ApiClientId", "11111111222233334444555555555555", Id)]
    public void A_setting_is_taken_as_it_is_meant(string name, string value, string taken)
    {
        using var services = Services(($"Point:{name}", value));

        var options = services.GetRequiredService<IOptions<PointOptions>>().Value;

        Assert.That(typeof(PointOptions).GetProperty(name)!.GetValue(options), Is.EqualTo(taken));
    }

    [TestCase("contoso.onmicrosoft.com ", "contoso.onmicrosoft.com")]
    [TestCase($"{{{Id}}}", Id)]
    public void A_tenant_is_a_GUID_or_a_domain(string value, string taken)
    {
        using var services = Services(("Point:TenantId", value), ("Point:ClientId", Id));

        Assert.That(services.GetRequiredService<IOptions<PointOptions>>().Value.TenantId, Is.EqualTo(taken));
    }

    [TestCase("contoso-webhooks.azurewebsites.net")]
    [TestCase(" contoso-webhooks.azurewebsites.net\n")]
    public void The_endpoint_is_the_receiver_at_the_host_name_that_Azure_sets(string hostName)
    {
        using var services = Services(("Point:EndpointUrl", null), ("WEBSITE_HOSTNAME", hostName));

        Assert.That(
            services.GetRequiredService<IOptions<PointOptions>>().Value.EndpointUrl,
            Is.EqualTo("https://contoso-webhooks.azurewebsites.net/api/webhooks/point"));
    }

    [Test]
    public void The_endpoint_of_the_settings_comes_before_the_host_name()
    {
        using var services = Services(
            ("Point:EndpointUrl", "https://hooks.contoso.example/point"), ("WEBSITE_HOSTNAME", "contoso-webhooks.azurewebsites.net"));

        Assert.That(
            services.GetRequiredService<IOptions<PointOptions>>().Value.EndpointUrl, Is.EqualTo("https://hooks.contoso.example/point"));
    }

    [TestCase("EventTypes", null, "*")]
    [TestCase("EventTypes", "", "*")]
    [TestCase("EventTypes", "*", "*")]
    [TestCase("EventTypes", "[\"*\"]", "*")]
    [TestCase("EventTypes", "[*]", "*")]
    [TestCase("EventTypes", "ProvisioningFailed,*", "*")]
    [TestCase("EventTypes", "ProvisioningFailed, ProvisioningStarted", "ProvisioningFailed ProvisioningStarted")]
    [TestCase("EventTypes", "provisioningfailed;ProvisioningStarted;", "ProvisioningFailed ProvisioningStarted")]
    [TestCase("EventTypes", "ProvisioningFailed\nProvisioningStarted\n", "ProvisioningFailed ProvisioningStarted")]
    [TestCase("EventTypes", "[\"ProvisioningFailed\",\"ProvisioningStarted\"]", "ProvisioningFailed ProvisioningStarted")]
    [TestCase("EventTypes:0", "[\"ProvisioningFailed\",\"ProvisioningStarted\"]", "ProvisioningFailed ProvisioningStarted")]
    [TestCase("EventTypes:0", "'ProvisioningFailed'", "ProvisioningFailed")]
    [TestCase("EventTypes:7", "ProvisioningFailed", "ProvisioningFailed")]
    public void Event_types_are_taken_as_they_are_meant(string name, string? value, string types)
    {
        using var services = Services(($"Point:{name}", value));

        var taken = services.GetRequiredService<IOptions<PointOptions>>().Value.EventTypes;

        Assert.That(string.Join(' ', taken), Is.EqualTo(types));
    }

    [TestCase("BaseUrl", null, "is missing. Set it to the address of your Syskit Point web app, such as https://")]
    [TestCase("BaseUrl", " ", "is missing.")]
    [TestCase("BaseUrl", "contoso", "is not an absolute https address.")]
    [TestCase("BaseUrl", "contoso.syskit365demo.com", "is not an absolute https address.")]
    [TestCase("BaseUrl", "http://contoso.syskit365demo.com", "is not an absolute https address.")]
    [TestCase("BaseUrl", "https://contoso .example", "is not an absolute https address.")]
    [TestCase("BaseUrl", "https://contoso.example/a b", "is not an absolute https address.")]
    [TestCase("BaseUrl", "<https://contoso.example>", "is not an absolute https address.")]
    [TestCase("BaseUrl", "https:\\\\contoso.example", "is not an absolute https address.")]
    [TestCase("BaseUrl", "https://contoso.example/?a=b", "has a user name, a query or a fragment.")]
    [TestCase("BaseUrl", "https://contoso.example/#a", "has a user name, a query or a fragment.")]
    [TestCase("BaseUrl", "https://user:pw@contoso.example", "has a user name, a query or a fragment.")]
    [TestCase("BaseUrl", Reference, "is a Key Vault reference that was not resolved.")]
    [TestCase("EndpointUrl", null, "is missing and WEBSITE_HOSTNAME, its default, is not set either.")]
    [TestCase("EndpointUrl", "/api/webhooks/point", "is not an absolute https url.")]
    [TestCase("EndpointUrl", "http://contoso.example/api/webhooks/point", "is not an absolute https url.")]
    [TestCase("EndpointUrl", "https://contoso.example/api/webhooks/point ?code=x", "is not an absolute https url.")]
    [TestCase("EndpointUrl", "https://contoso.example/api/webhooks/point#x", "has a fragment, which is never sent to a server.")]
    [TestCase(
        "EndpointUrl", "http://127.0.0.1:7071/api/webhooks/point",
        "is a loopback address, which the Syskit Point at Point:BaseUrl cannot reach.")]
    [TestCase("EventTypes:0", "", "is an empty entry of a list.")]
    [TestCase("EventTypes", "[]", "is an empty entry of a list.")]
    [TestCase("EventTypes:0", "Provisioning Failed", "is 'Provisioning Failed'. Set it to * for all events")]
    [TestCase("EventTypes", "[[\"*\"]]", "is '[\"*\"]'.", ":0")]
    [TestCase("EventTypes", "A,[\\\"B\\\"]", "is '[\\\"B\\\"]'.", ":1")]
    [TestCase("SignatureKey", "", "is empty. Set it to the value of webhooksSignatureAuthenticationKey, or remove the setting")]
    [TestCase("SignatureKey", " \n", "is empty.")]
    [TestCase("SignatureKey", "\"\"", "is empty.")]
    [TestCase("SignatureKey", $"{Key} {Key}", Blank)]
    [TestCase("SignatureKey", $"{Key}\n{Key}", Blank)]
    [TestCase("SignatureKey", $"\"{Key}", Blank)]
    [TestCase("SignatureKey", $"{{\"webhooksSignatureAuthenticationKey\":\"{Key}\"}}", Blank)]
    [TestCase("SignatureKey", $"{Key}\\n", Blank)]
    [TestCase("SignatureKey", Reference, "is a Key Vault reference that was not resolved. Check that the app's identity")]
    [TestCase("ApiClientId", null, "is missing. Set it to the application (client) id of the Syskit Point API application")]
    [TestCase("ApiClientId", $"api://{Id}/.default", "is not a client id. Set it to the GUID of the Syskit Point API application")]
    [TestCase("ApiClientId", Reference, "is a Key Vault reference that was not resolved.")]
    [TestCase("DevelopmentToken", Secret, "is set and Point:BaseUrl is not a loopback address.")]
    public void A_wrong_setting_is_named_with_what_to_put_there(string name, string? value, string words, string entry = "") =>
        Assert.That(FailuresOf(($"Point:{name}", value)), Has.Count.EqualTo(1).And.All.StartsWith($"Point:{name}{entry} {words}"));

    [TestCase("ClientSecret", "Point:ClientSecret is set and Point:ClientId is missing.")]
    [TestCase("ClientId", "Point:ClientId is set and Point:TenantId is missing.")]
    [TestCase("TenantId", "Point:TenantId is set and Point:ClientId is missing.")]
    [TestCase(
        "ClientId=Point webhooks|TenantId",
        "Point:ClientId is not a client id. Set it to the application (client) id of the app registration")]
    [TestCase("ClientId|TenantId=contoso", "Point:TenantId is not a tenant. Set it to the tenant's GUID, or to one of its domains")]
    [TestCase("ClientId|TenantId=https://contoso.example", "Point:TenantId is not a tenant.")]
    [TestCase("ClientId|TenantId|ClientSecret=two words", $"Point:ClientSecret {Blank}")]
    [TestCase($"ClientId|TenantId|ClientSecret={Reference}", "Point:ClientSecret is a Key Vault reference that was not resolved.")]
    [TestCase("EventTypes=*|EventTypes:0=*", "Point:EventTypes is set twice, as one text and as Point:EventTypes:0. Remove one of them.")]
    public void A_wrong_combination_is_an_error_that_says_what_to_set(string given, string message) =>
        Assert.That(FailuresOf(Settings(given)), Has.Count.EqualTo(1).And.All.StartsWith(message));

    [TestCase("ClientId|TenantId|ClientSecret")]
    [TestCase("ClientId|TenantId")]
    [TestCase("ClientId|TenantId|ClientSecret=")]
    [TestCase("ApiClientId")]
    [TestCase("BaseUrl=http://localhost:7072|DevelopmentToken=t|ApiClientId=")]
    public void A_right_combination_is_no_error(string given) => Assert.That(FailuresOf(Settings(given)), Is.Empty);

    [TestCase(
        "EndpointUrl", "https://contoso-webhooks.azurewebsites.net",
        "does not end in /api/webhooks/point, where this app receives events.")]
    [TestCase("EndpointUrl", "https://gateway.example/hooks/point?code=x", "does not end in /api/webhooks/point")]
    [TestCase("EventTypes:0", "ProvisioningComplete", "is 'ProvisioningComplete', which is no type that Syskit Point documents.")]
    [TestCase("SignaturKey", "x", "is no setting of this app, and does nothing. Correct its name, or remove it.")]
    public void What_may_be_meant_and_probably_is_not_is_a_warning(string name, string value, string words) =>
        Assert.That(WarningsOf(($"Point:{name}", value)), Has.Count.EqualTo(1).And.All.StartsWith($"Point:{name} {words}"));

    [Test]
    public void Settings_that_are_right_are_no_warning() => Assert.That(WarningsOf(), Is.Empty);

    private static (string, string?)[] Settings(string given) =>
        [.. given.Split('|').Select(setting => setting.Split('=', 2))
            .Select(parts => ($"Point:{parts[0]}", (string?)(parts.ElementAtOrDefault(1) ?? Id)))];
}
