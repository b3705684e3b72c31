using PointWebhooks.Queues;
using PointWebhooks.Storage;

namespace PointWebhooks.Tests.Infra;

/// <summary>What a deployment makes, rule by rule: a rule that is broken fails the test that is named after it.</summary>
internal sealed class DeploymentTests
{
    private const string Storage = "Microsoft.Storage/storageAccounts";

    private static readonly string[] Queues = [.. QueueNames.All, .. QueueNames.All.Select(queue => $"{queue}-poison")];

    private static Task<Deployment> Small => Deployment.OfAsync(Deployment.Small);

    private static Task<Deployment> Full => Deployment.OfAsync(Deployment.Full);

    [TestCaseSource(nameof(Queues))]
    public async Task There_is_the_queue(string queue) =>
        Assert.That((await Small).NamesOf($"{Storage}/queueServices/queues"), Does.Contain(queue));

    [Test]
    public async Task There_is_no_queue_that_the_code_does_not_know() =>
        Assert.That((await Small).NamesOf($"{Storage}/queueServices/queues"), Is.SubsetOf(Queues));

    [Test]
    public async Task There_is_the_table_of_the_ledger() =>
        Assert.That((await Small).NamesOf($"{Storage}/tableServices/tables"), Is.EqualTo([PointTable.Name]));

    [TestCase("Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", Storage)]
    [TestCase("Storage Queue Data Contributor", "974c5e8b-45b9-4653-ba55-5f855dd0fb88", Storage)]
    [TestCase("Storage Table Data Contributor", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", Storage)]
    [TestCase("Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb", "Microsoft.Insights/components")]
    [TestCase("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6", "Microsoft.KeyVault/vaults")]
    public async Task The_identity_has_the_role(string role, string id, string on) =>
        Assert.That((await Full).Roles, Does.Contain((id, on)), role);

    [TestCase(Deployment.Small, 4)]
    [TestCase(Deployment.Full, 5)]
    public async Task The_identity_has_no_other_role(string size, int count) =>
        Assert.That((await Deployment.OfAsync(size)).Roles.Count(), Is.EqualTo(count));

    [TestCase("allowSharedKeyAccess", "false")]
    [TestCase("allowBlobPublicAccess", "false")]
    [TestCase("allowCrossTenantReplication", "false")]
    [TestCase("isLocalUserEnabled", "false")]
    [TestCase("defaultToOAuthAuthentication", "true")]
    [TestCase("supportsHttpsTrafficOnly", "true")]
    [TestCase("minimumTlsVersion", "\"TLS1_2\"")]
    public async Task The_storage_account_is_closed(string property, string value) =>
        Assert.That((await Small).Value(Storage, $"properties.{property}"), Is.EqualTo(value));

    [TestCase("httpsOnly", "true")]
    [TestCase("siteConfig.minTlsVersion", "\"1.2\"")]
    [TestCase("siteConfig.scmMinTlsVersion", "\"1.2\"")]
    [TestCase("siteConfig.ftpsState", "\"Disabled\"")]
    [TestCase("functionAppConfig.runtime.name", "\"dotnet-isolated\"")]
    [TestCase("functionAppConfig.runtime.version", "\"10.0\"")]
    public async Task The_app_is_set_up(string property, string value) =>
        Assert.That((await Small).Value("Microsoft.Web/sites", $"properties.{property}"), Is.EqualTo(value));

    [Test]
    public async Task The_runtime_is_that_of_the_code()
    {
        var version = $"{Environment.Version.Major}.{Environment.Version.Minor}";

        var runtime = (await Small).Value("Microsoft.Web/sites", "properties.functionAppConfig.runtime.version");
        Assert.That(runtime, Is.EqualTo($"\"{version}\""));
    }

    [TestCase("scm")]
    [TestCase("ftp")]
    public async Task Nobody_publishes_with_a_password(string channel)
    {
        var policies = (await Small).Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies");

        var policy = policies.Single(candidate => candidate.GetProperty("name").GetString()!.Split('/')[^1] == channel);
        Assert.That(policy.GetProperty("properties").GetProperty("allow").GetBoolean(), Is.False);
    }

    [TestCase("Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth")]
    [TestCase("Microsoft.Insights/components", "properties.DisableLocalAuth")]
    [TestCase("Microsoft.KeyVault/vaults", "properties.enableRbacAuthorization")]
    [TestCase("Microsoft.KeyVault/vaults", "properties.enablePurgeProtection")]
    public async Task It_takes_an_identity_of_Entra_to_get_in(string type, string property) =>
        Assert.That((await Full).Value(type, property), Is.EqualTo("true"));

    [Test]
    public async Task Without_secrets_there_is_no_vault() =>
        Assert.That((await Small).Of("Microsoft.KeyVault/vaults"), Is.Empty);

    [TestCase(Deployment.Small, new[] { "Microsoft.Web/sites" })]
    [TestCase(Deployment.Full, new[] { "Microsoft.Web/sites", "Microsoft.KeyVault/vaults", "/queueServices/", "/tableServices/" })]
    public async Task The_workspace_is_told_of(string size, string[] what)
    {
        var settings = (await Deployment.OfAsync(size)).Of("Microsoft.Insights/diagnosticSettings");

        var told = settings.Select(setting => setting.GetProperty("id").GetString()!);
        Assert.That(what.Select(part => told.Count(id => id.Contains(part))), Is.All.EqualTo(1));
        Assert.That(settings, Has.Count.EqualTo(what.Length));
    }

    [TestCase(Deployment.Small, "[]")]
    [TestCase(Deployment.Full, """[{"name":"http","instanceCount":2}]""")]
    public async Task Instances_are_always_ready_on_request(string size, string expected)
    {
        var deployment = await Deployment.OfAsync(size);

        var alwaysReady = deployment.Value("Microsoft.Web/sites", "properties.functionAppConfig.scaleAndConcurrency.alwaysReady");
        Assert.That(string.Concat(alwaysReady.Where(character => !char.IsWhiteSpace(character))), Is.EqualTo(expected));
    }
}
