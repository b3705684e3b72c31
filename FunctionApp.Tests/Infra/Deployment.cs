using System.Text.Json;
using System.Text.RegularExpressions;

namespace PointWebhooks.Tests.Infra;

/// <summary>What a deployment of main.bicep would make, expanded by the Bicep CLI as it stands now.</summary>
internal sealed partial class Deployment
{
    /// <summary>A deployment that sets as little as it may.</summary>
    public const string Small = "small";

    /// <summary>A deployment that uses everything there is.</summary>
    public const string Full = "full";

    private const string FullParameters = """
        param pointClientId = '22222222-2222-2222-2222-222222222222'
        param pointTenantId = '33333333-3333-3333-3333-333333333333'
        param pointEventTypes = ['ProvisioningCompleted', 'ProvisioningFailed']
        param endpointUrl = 'https://hooks.contoso.com/api/webhooks/point'
        param furtherSettings = { Handlers__Jira__BaseUrl: 'https://contoso.atlassian.net' }
        param secretSettings = ['Point__ClientSecret', 'Handlers__Jira__ApiToken']
        param alwaysReadyInstances = 2
        param noEventsAlertHours = 6
        param auditStorage = true
        """;

    private const string Required = """
        using 'main.bicep'
        param environmentName = 'test'
        param pointBaseUrl = 'https://contoso.syskit365demo.com'
        param pointApiClientId = '11111111-1111-1111-1111-111111111111'
        param alertEmail = 'on-call@contoso.com'

        """;

    private static readonly Dictionary<string, Task<Deployment>> Known = [];

    private readonly List<JsonElement> resources;

    private Deployment(JsonElement snapshot) => resources = [.. snapshot.GetProperty("predictedResources").EnumerateArray()];

    /// <summary>The <see cref="Small"/> or the <see cref="Full"/> deployment.</summary>
    public static Task<Deployment> OfAsync(string size)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(size, out var deployment))
                Known[size] = deployment = ExpandAsync(size == Full ? FullParameters : "");
            return deployment;
        }
    }

    /// <summary>The resources of a type.</summary>
    public IReadOnlyList<JsonElement> Of(string type) =>
        [.. resources.Where(resource => resource.GetProperty("type").GetString() == type)];

    /// <summary>The names of the resources of a type, without those of their parents.</summary>
    public IEnumerable<string> NamesOf(string type) =>
        Of(type).Select(resource => resource.GetProperty("name").GetString()!.Split('/')[^1]);

    /// <summary>The value at a path such as <c>properties.siteConfig.ftpsState</c> in the only resource of a type, as JSON.</summary>
    public string Value(string type, string path) => At(Of(type).Single(), path).GetRawText();

    /// <summary>Who is given which role: the ids of roles and the types of resources they are given on.</summary>
    public IEnumerable<(string RoleId, string On)> Roles =>
        from assignment in Of("Microsoft.Authorization/roleAssignments")
        let id = assignment.GetProperty("id").GetString()!
        select (
            At(assignment, "properties.roleDefinitionId").GetString()!.Split('/')[^1],
            ScopePattern().Match(id).Groups["type"].Value);

    /// <summary>The app settings. What only Azure knows is a sample value in them.</summary>
    public IReadOnlyDictionary<string, string> Settings =>
        Of("Microsoft.Web/sites/config")
            .Single(config => config.GetProperty("name").GetString()!.EndsWith("/appsettings", StringComparison.Ordinal))
            .GetProperty("properties").EnumerateObject()
            .ToDictionary(setting => setting.Name, setting => Sample(setting.Value.GetString()!));

    private static string Sample(string value) =>
        !value.StartsWith('[') ? value
        : value.Contains(".clientId", StringComparison.Ordinal) ? "44444444-4444-4444-4444-444444444444"
        : "InstrumentationKey=55555555-5555-5555-5555-555555555555";

    private static JsonElement At(JsonElement element, string path) =>
        path.Split('.').Aggregate(element, (inner, name) => inner.GetProperty(name));

    private static async Task<Deployment> ExpandAsync(string parameters)
    {
        var copy = Bicep.Copy();
        try
        {
            await File.WriteAllTextAsync(Path.Combine(copy, "test.bicepparam"), Required + parameters);
            // What the linter says of a broken rule is the business of another test.
            await File.WriteAllTextAsync(Path.Combine(copy, "bicepconfig.json"), """{ "analyzers": { "core": { "enabled": false } } }""");
            var snapshot = await Bicep.RunAsync(copy, ["snapshot", "test.bicepparam", "--mode", "Overwrite", .. Bicep.SnapshotScope]);
            Assert.That((snapshot.ExitCode, snapshot.Error), Is.EqualTo((0, "")));
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(copy, "test.snapshot.json")));
            return new Deployment(json.RootElement.Clone());
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [GeneratedRegex("/providers/(?<type>[^/]+/[^/]+)/[^/]+/providers/Microsoft.Authorization/")]
    private static partial Regex ScopePattern();
}
