using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Queues;
using PointWebhooks.Settings;
using PointWebhooks.Storage;

namespace PointWebhooks.Tests.Infra;

/// <summary>What the infrastructure and the code must agree on. What a deployment makes besides is in the snapshots.</summary>
internal sealed class DeploymentTests
{
    private const string Storage = "Microsoft.Storage/storageAccounts";
    private const string Dev = "infra/main.dev.bicepparam";
    private const string Full = "FunctionApp.Tests/Infra/full.bicepparam";

    [Test]
    public void The_queues_are_those_of_the_code() =>
        Assert.That(
            Snapshot.Read(Dev).NamesOf($"{Storage}/queueServices/queues"),
            Is.EquivalentTo([.. QueueNames.All, .. QueueNames.All.Select(queue => $"{queue}-poison")]));

    [Test]
    public void The_table_is_the_ledger_s() =>
        Assert.That(Snapshot.Read(Dev).NamesOf($"{Storage}/tableServices/tables"), Is.EqualTo([PointTable.Name]));

    [Test]
    public void The_runtime_is_that_of_the_code()
    {
        var app = Snapshot.Read(Dev).Of("Microsoft.Web/sites").Single();

        var runtime = app.GetProperty("properties").GetProperty("functionAppConfig").GetProperty("runtime").GetProperty("version");
        Assert.That(runtime.GetString(), Is.EqualTo(Environment.Version.ToString(2)));
    }

    [TestCaseSource(typeof(Bicep), nameof(Bicep.ParameterFiles))]
    public void The_code_starts_with_the_settings(string parameterFile)
    {
        var configuration = Configuration(Snapshot.Read(parameterFile).Settings);

        Assert.That(() => new ServiceCollection().AddPointWebhooks(configuration), Throws.Nothing);
    }

    [TestCaseSource(typeof(Bicep), nameof(Bicep.ParameterFiles))]
    public void Every_setting_of_the_code_s_sections_is_one_that_it_reads(string parameterFile)
    {
        var read = Properties<PointOptions>(PointOptions.Section).Concat(Properties<LedgerOptions>(LedgerOptions.Section))
            .Concat(Properties<OperationsOptions>(OperationsOptions.Section));

        var given = Snapshot.Read(parameterFile).Settings.Keys
            .Where(name => name.Split("__")[0] is PointOptions.Section or LedgerOptions.Section or OperationsOptions.Section)
            .Select(name => string.Join("__", name.Split("__").Take(2)))
            .Distinct();
        Assert.That(given, Is.SubsetOf(read).And.Not.Empty);
    }

    [TestCase("infra/main.private.bicepparam", "false")]
    [TestCase(Dev, null)]
    [TestCase(Full, null, TestName = "A gateway lets the app in")]
    public void An_app_that_lets_in_others_alone_does_not_check_its_own_url(string parameterFile, string? expected) =>
        Assert.That(Snapshot.Read(parameterFile).Settings.GetValueOrDefault("Point__SelfCheck"), Is.EqualTo(expected));

    [Test]
    public void Operators_sign_in_where_that_is_asked_for_and_nothing_else_is_closed_by_it()
    {
        var authentication = Snapshot.Read(Full).Config("authsettingsV2")!.Value;
        Assert.That(authentication.GetProperty("globalValidation").GetProperty("unauthenticatedClientAction").GetString(), Is.EqualTo("AllowAnonymous"));
        Assert.That(authentication.GetProperty("globalValidation").GetProperty("requireAuthentication").GetBoolean(), Is.False);
        var entra = authentication.GetProperty("identityProviders").GetProperty("azureActiveDirectory");
        var secret = entra.GetProperty("registration").GetProperty("clientSecretSettingName").GetString()!;
        Assert.That(Snapshot.Read(Full).Settings.Keys, Does.Contain(secret).And.Contain("Operations__SignIn"));

        foreach (var parameterFile in new[] { Dev, "infra/main.prod.bicepparam", "infra/main.private.bicepparam" })
        {
            Assert.That(Snapshot.Read(parameterFile).Config("authsettingsV2"), Is.Null, "nobody signs in unasked");
            Assert.That(Snapshot.Read(parameterFile).Settings.Keys, Does.Not.Contain("Operations__SignIn"));
        }
    }

    [Test]
    public void Addresses_ranges_and_service_tags_are_let_in_as_what_they_are()
    {
        var site = Snapshot.Read(Full).Of("Microsoft.Web/sites").Single().GetProperty("properties").GetProperty("siteConfig");

        Assert.That(
            site.GetProperty("ipSecurityRestrictions").EnumerateArray()
                .Select(rule => $"{rule.GetProperty("tag").GetString()} {rule.GetProperty("ipAddress").GetString()}").Take(4),
            Is.EqualTo(["Default 203.0.113.0/24", "Default 203.0.113.7/32", "Default 2001:db8::1/128", "ServiceTag AzureFrontDoor.Backend"]));
    }

    [Test]
    public async Task No_output_has_the_query_of_the_endpoint() =>
        Assert.That(await Bicep.BuildAsync(), Does.Contain("split(parameters('endpointUrl'), '?')[0]"));

    [Test]
    public void A_secret_is_read_by_a_name_that_a_vault_takes() => Assert.That(
        Snapshot.Read(Full).Settings["Handlers__Http__Crm__Headers__X_Api_Key"], Does.EndWith("SecretName=Handlers--Http--Crm--Headers--X-Api-Key)"));

    [Test]
    public async Task The_endpoint_is_where_the_code_receives() =>
        Assert.That(await Bicep.BuildAsync(), Does.Contain($"'https://{{0}}{PointOptions.ReceiverPath}'"));

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
