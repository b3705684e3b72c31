using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Settings;

/// <summary>What section Point makes of its settings, and what it says when one is wrong.</summary>
internal sealed class PointOptionsTests
{
    private const string Id = "11111111-2222-3333-4444-555555555555";
    private const string Secret = "s3cret-never-repeated";

    [Test]
    public void The_endpoint_is_the_receiver_at_the_host_name_that_Azure_sets()
    {
        var options = Read(("Point:EndpointUrl", null), ("WEBSITE_HOSTNAME", "contoso-webhooks.azurewebsites.net"));
        Assert.That(options.EndpointUrl, Is.EqualTo("https://contoso-webhooks.azurewebsites.net/api/webhooks/point"));
    }

    [Test]
    public void All_event_types_are_the_default() => Assert.That(Read().EventTypes, Is.EqualTo(["*"]));

    [Test]
    public void Event_types_that_are_set_take_the_place_of_the_default() =>
        Assert.That(Read(("Point:EventTypes:0", "ProvisioningFailed")).EventTypes, Is.EqualTo(["ProvisioningFailed"]));

    [Test]
    public void Event_types_may_be_one_text_with_commas() => Assert.That(
        Read(("Point:EventTypes", "ProvisioningFailed, ProvisioningStarted")).EventTypes, Is.EqualTo(["ProvisioningFailed", "ProvisioningStarted"]));

    [TestCase("Point:BaseUrl", null, "Point:BaseUrl is missing. Set it to the address of your Syskit Point web app")]
    [TestCase("Point:BaseUrl", "contoso", "Point:BaseUrl is not an absolute https address.")]
    [TestCase("Point:BaseUrl", "http://contoso.syskit365demo.com", "Point:BaseUrl is not an absolute https address.")]
    [TestCase("Point:BaseUrl", "https://contoso.syskit365demo.com/?a=b", "Point:BaseUrl has a query or a fragment.")]
    [TestCase("Point:EndpointUrl", null, "Point:EndpointUrl is missing and WEBSITE_HOSTNAME, its default, is not set either.")]
    [TestCase("Point:EndpointUrl", "/api/webhooks/point", "Point:EndpointUrl is not an absolute https url.")]
    [TestCase("Point:EndpointUrl", "http://contoso.example/api/webhooks/point", "Point:EndpointUrl is not an absolute https url.")]
    [TestCase("Point:EndpointUrl", "http://127.0.0.1:7071/api/webhooks/point", "Point:EndpointUrl is a loopback address, which the Syskit Point at Point:BaseUrl cannot reach.")]
    [TestCase("Point:EventTypes:0", "", "Point:EventTypes has an empty entry. Set Point:EventTypes:0 to * for all events")]
    [TestCase("Point:EventTypes", "ProvisioningFailed,,", "Point:EventTypes has an empty entry.")]
    [TestCase("Point:SignatureKey", "", "Point:SignatureKey is empty. Set it to the value of webhooksSignatureAuthenticationKey, or remove the setting")]
    [TestCase("Point:SignatureKey", " ", "Point:SignatureKey is empty.")]
    [TestCase("Point:SignatureKey", "@Microsoft.KeyVault(SecretUri=https://v.example/secrets/k)", "Point:SignatureKey is a Key Vault reference that was not resolved.")]
    [TestCase("Point:ApiClientId", null, "Point:ApiClientId is missing. Set it to the application (client) id of the Syskit Point API application")]
    [TestCase("Point:ApiClientId", "api://" + Id + "/.default", "Point:ApiClientId is not a client id. Set it to the GUID")]
    [TestCase("Point:DevelopmentToken", Secret, "Point:DevelopmentToken is set and Point:BaseUrl is not a loopback address.")]
    public void A_wrong_setting_is_named_with_what_to_put_there(string setting, string? value, string message) =>
        Assert.That(FailuresOf((setting, value)).Single(), Does.StartWith(message));

    [TestCase("ClientSecret", "Point:ClientSecret is set and Point:ClientId is missing.")]
    [TestCase("ClientId", "Point:ClientId is set and Point:TenantId is missing.")]
    [TestCase("TenantId", "Point:TenantId is set and Point:ClientId is missing.")]
    [TestCase("ClientId:Point webhooks|TenantId", "Point:ClientId is not a client id.")]
    [TestCase("ClientId|TenantId|ClientSecret:@Microsoft.KeyVault(SecretUri=https://v.example/secrets/k)", "Point:ClientSecret is a Key Vault reference that was not resolved.")]
    public void A_wrong_combination_of_credentials_is_an_error_that_says_what_to_set(string given, string message)
    {
        var settings = given.Split('|').Select(setting => setting.Split(':', 2)).Select(parts => ($"Point:{parts[0]}", (string?)parts.ElementAtOrDefault(1) ?? Id));
        Assert.That(FailuresOf([.. settings!]).Single(), Does.StartWith(message));
    }

    [TestCase("ClientId|TenantId|ClientSecret")]
    [TestCase("ClientId|TenantId")]
    [TestCase("")]
    public void A_right_combination_of_credentials_is_no_error(string given)
    {
        var settings = given.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(name => ($"Point:{name}", (string?)Id));
        Assert.That(FailuresOf([.. settings]), Is.Empty);
    }

    [Test]
    public void A_development_token_is_enough_for_a_Syskit_Point_on_this_machine() => Assert.That(
        FailuresOf(("Point:BaseUrl", "http://localhost:7072"), ("Point:DevelopmentToken", "t"), ("Point:ApiClientId", null)), Is.Empty);

    [Test]
    public void Everything_that_is_wrong_is_said_at_once_and_no_value_is_repeated()
    {
        var failures = FailuresOf(
            ("Point:BaseUrl", $"http://{Secret}.example"), ("Point:EndpointUrl", $"http://contoso.example/?code={Secret}"),
            ("Point:SignatureKey", " "), ("Point:ClientSecret", Secret), ("Point:ApiClientId", Secret));
        Assert.That(failures, Has.Count.EqualTo(5));
        Assert.That(failures.Where(failure => failure.Contains(Secret, StringComparison.Ordinal)), Is.Empty);
    }

    private static List<string> FailuresOf(params (string Key, string? Value)[] settings)
    {
        try
        {
            Read(settings);
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
    }

    private static PointOptions Read(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Point:BaseUrl"] = "https://contoso.syskit365demo.com",
            ["Point:EndpointUrl"] = "https://contoso-webhooks.azurewebsites.net/api/webhooks/point",
            ["Point:ApiClientId"] = Id,
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddPointWebhooks(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<PointOptions>>().Value;
    }
}
