using PointWebhooks.Ledger;
using PointWebhooks.Queues;

namespace PointWebhooks.Tests.Infra;

/// <summary>What a deployment makes, rule by rule: a rule that is broken fails the test that is named after it.</summary>
public sealed class DeploymentTests
{
    private static readonly string[] Queues = [.. QueueNames.All, .. QueueNames.All.Select(queue => $"{queue}-poison")];

    [TestCaseSource(nameof(Queues))]
    public async Task There_is_the_queue(string queue) =>
        Assert.That((await Deployment.WithAsync(Deployment.Small)).NamesOf("Microsoft.Storage/storageAccounts/queueServices/queues"), Does.Contain(queue));

    [Test]
    public async Task There_is_no_queue_that_the_code_does_not_know() =>
        Assert.That((await Deployment.WithAsync(Deployment.Small)).NamesOf("Microsoft.Storage/storageAccounts/queueServices/queues"), Is.SubsetOf(Queues));

    [Test]
    public async Task There_is_the_table_of_the_ledger() =>
        Assert.That((await Deployment.WithAsync(Deployment.Small)).NamesOf("Microsoft.Storage/storageAccounts/tableServices/tables"), Is.EqualTo([LedgerTable.Name]));

    [TestCase("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Microsoft.Storage/storageAccounts", TestName = "The_identity_has_the_role(Storage Blob Data Owner)")]
    [TestCase("974c5e8b-45b9-4653-ba55-5f855dd0fb88", "Microsoft.Storage/storageAccounts", TestName = "The_identity_has_the_role(Storage Queue Data Contributor)")]
    [TestCase("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "Microsoft.Storage/storageAccounts", TestName = "The_identity_has_the_role(Storage Table Data Contributor)")]
    [TestCase("3913510d-42f4-4e42-8a64-420c390055eb", "Microsoft.Insights/components", TestName = "The_identity_has_the_role(Monitoring Metrics Publisher)")]
    [TestCase("4633458b-17de-408a-b874-0445c86b69e6", "Microsoft.KeyVault/vaults", TestName = "The_identity_has_the_role(Key Vault Secrets User)")]
    public async Task The_identity_has_the_role(string roleId, string on) =>
        Assert.That((await Deployment.WithAsync(Deployment.Full)).Roles, Does.Contain((roleId, on)));

    [TestCase(Deployment.Small, 4)]
    [TestCase(Deployment.Full, 5)]
    public async Task The_identity_has_no_other_role(string parameters, int count) =>
        Assert.That((await Deployment.WithAsync(parameters)).Roles.Count(), Is.EqualTo(count));

    [TestCase("allowSharedKeyAccess", "false")]
    [TestCase("allowBlobPublicAccess", "false")]
    [TestCase("allowCrossTenantReplication", "false")]
    [TestCase("isLocalUserEnabled", "false")]
    [TestCase("defaultToOAuthAuthentication", "true")]
    [TestCase("supportsHttpsTrafficOnly", "true")]
    [TestCase("minimumTlsVersion", "\"TLS1_2\"")]
    public async Task The_storage_account_is_closed(string property, string value) =>
        Assert.That((await Deployment.WithAsync(Deployment.Small)).Value("Microsoft.Storage/storageAccounts", $"properties.{property}"), Is.EqualTo(value));

    [TestCase("httpsOnly", "true")]
    [TestCase("siteConfig.minTlsVersion", "\"1.2\"")]
    [TestCase("siteConfig.scmMinTlsVersion", "\"1.2\"")]
    [TestCase("siteConfig.ftpsState", "\"Disabled\"")]
    [TestCase("functionAppConfig.runtime.name", "\"dotnet-isolated\"")]
    [TestCase("functionAppConfig.runtime.version", "\"10.0\"")]
    public async Task The_app_is_set_up(string property, string value) =>
        Assert.That((await Deployment.WithAsync(Deployment.Small)).Value("Microsoft.Web/sites", $"properties.{property}"), Is.EqualTo(value));

    [Test]
    public async Task The_runtime_is_that_of_the_code()
    {
        var version = $"{Environment.Version.Major}.{Environment.Version.Minor}";

        Assert.That((await Deployment.WithAsync(Deployment.Small)).Value("Microsoft.Web/sites", "properties.functionAppConfig.runtime.version"), Is.EqualTo($"\"{version}\""));
    }

    [TestCase("scm")]
    [TestCase("ftp")]
    public async Task Nobody_publishes_with_a_password(string channel)
    {
        var policies = (await Deployment.WithAsync(Deployment.Small)).Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies");

        var policy = policies.Single(candidate => candidate.GetProperty("name").GetString()!.EndsWith($"/{channel}", StringComparison.Ordinal));
        Assert.That(policy.GetProperty("properties").GetProperty("allow").GetBoolean(), Is.False);
    }

    [TestCase("Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth")]
    [TestCase("Microsoft.Insights/components", "properties.DisableLocalAuth")]
    [TestCase("Microsoft.KeyVault/vaults", "properties.enableRbacAuthorization")]
    [TestCase("Microsoft.KeyVault/vaults", "properties.enablePurgeProtection")]
    public async Task It_takes_an_identity_of_Entra_to_get_in(string type, string property) =>
        Assert.That((await Deployment.WithAsync(Deployment.Full)).Value(type, property), Is.EqualTo("true"));

    [Test]
    public async Task Without_secrets_there_is_no_vault() =>
        Assert.That((await Deployment.WithAsync(Deployment.Small)).Of("Microsoft.KeyVault/vaults"), Is.Empty);

    [TestCase(Deployment.Small, new[] { "Microsoft.Web/sites" })]
    [TestCase(Deployment.Full, new[] { "Microsoft.Web/sites", "Microsoft.KeyVault/vaults", "queueServices/default", "tableServices/default" })]
    public async Task The_workspace_is_told_of(string parameters, string[] what)
    {
        var settings = (await Deployment.WithAsync(parameters)).Of("Microsoft.Insights/diagnosticSettings").Select(setting => setting.GetProperty("id").GetString()!);

        Assert.That(settings.Where(id => what.Count(id.Contains) == 1).Count(), Is.EqualTo(what.Length));
    }

    [TestCase(Deployment.Small, "[]")]
    [TestCase(Deployment.Full, """[{"name":"http","instanceCount":2}]""")]
    public async Task Instances_are_always_ready_on_request(string parameters, string expected)
    {
        var alwaysReady = (await Deployment.WithAsync(parameters)).Value("Microsoft.Web/sites", "properties.functionAppConfig.scaleAndConcurrency.alwaysReady");

        Assert.That(string.Concat(alwaysReady.Where(character => !char.IsWhiteSpace(character))), Is.EqualTo(expected));
    }
}
