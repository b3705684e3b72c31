using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Infra;

/// <summary>The app settings of a deployment, against the code that reads them.</summary>
internal sealed class AppSettingsTests
{
    // What the platform and the client libraries read, of which the code knows nothing.
    private static readonly string[] OfThePlatform =
    [
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "AZURE_CLIENT_ID",
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId",
    ];

    [TestCaseSource(nameof(OfThePlatform))]
    [TestCase("Point__BaseUrl")]
    [TestCase("Point__ApiClientId")]
    [TestCase("Ledger__RetentionDays")]
    public async Task There_is_the_setting(string name) =>
        Assert.That((await Deployment.OfAsync(Deployment.Small)).Settings.Keys, Does.Contain(name));

    [TestCase("Point__ClientId", "22222222-2222-2222-2222-222222222222")]
    [TestCase("Point__TenantId", "33333333-3333-3333-3333-333333333333")]
    [TestCase("Point__EventTypes__1", "ProvisioningFailed")]
    [TestCase("Point__EndpointUrl", "https://hooks.contoso.com/api/webhooks/point")]
    [TestCase("Handlers__Jira__BaseUrl", "https://contoso.atlassian.net")]
    public async Task A_parameter_becomes_the_setting(string name, string value) =>
        Assert.That((await Deployment.OfAsync(Deployment.Full)).Settings.GetValueOrDefault(name), Is.EqualTo(value));

    [TestCase("Point__ClientSecret", "Point--ClientSecret")]
    [TestCase("Handlers__Jira__ApiToken", "Handlers--Jira--ApiToken")]
    public async Task A_secret_is_a_reference_to_the_vault(string name, string secret)
    {
        var deployment = await Deployment.OfAsync(Deployment.Full);

        var vault = deployment.NamesOf("Microsoft.KeyVault/vaults").Single();
        Assert.That(deployment.Settings[name], Is.EqualTo($"@Microsoft.KeyVault(VaultName={vault};SecretName={secret})"));
    }

    // Flex Consumption refuses the first two, and a connection string wins over the identity.
    [TestCase("FUNCTIONS_WORKER_RUNTIME")]
    [TestCase("WEBSITE_CONTENTAZUREFILECONNECTIONSTRING")]
    [TestCase("AzureWebJobsStorage")]
    public async Task There_is_no_setting(string name) =>
        Assert.That((await Deployment.OfAsync(Deployment.Full)).Settings.Keys, Does.Not.Contain(name));

    [TestCase(Deployment.Small)]
    [TestCase(Deployment.Full)]
    public async Task The_code_starts_with_the_settings(string size)
    {
        var configuration = Configuration((await Deployment.OfAsync(size)).Settings);

        Assert.That(() => new ServiceCollection().AddPointWebhooks(configuration), Throws.Nothing);
    }

    [Test]
    public async Task Every_setting_of_the_code_s_sections_is_one_that_it_reads()
    {
        var read = Properties<PointOptions>(PointOptions.Section).Concat(Properties<LedgerOptions>(LedgerOptions.Section));

        var given = (await Deployment.OfAsync(Deployment.Full)).Settings.Keys
            .Where(name => name.Split("__")[0] is PointOptions.Section or LedgerOptions.Section)
            .Select(name => string.Join("__", name.Split("__").Take(2)))
            .Distinct();
        Assert.That(given, Is.SubsetOf(read));
    }

    private static IEnumerable<string> Properties<TOptions>(string section) =>
        typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .Select(property => $"{section}__{property.Name}");

    // As the host has them: the vault's references resolved, and the name that Azure gives the app.
    private static IConfiguration Configuration(IReadOnlyDictionary<string, string> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(
            setting => setting.Key.Replace("__", ":", StringComparison.Ordinal),
            string? (setting) => setting.Value.StartsWith("@Microsoft.KeyVault", StringComparison.Ordinal) ? "secret" : setting.Value))
        .AddInMemoryCollection([new("WEBSITE_HOSTNAME", "func-syskitpoint-test.azurewebsites.net")])
        .Build();
}
