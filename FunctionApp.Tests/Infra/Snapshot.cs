using System.Text.Json;

namespace PointWebhooks.Tests.Infra;

/// <summary>What a deployment would make, as the snapshot beside a parameter file has it; a test holds it to the Bicep files.</summary>
internal sealed class Snapshot
{
    private readonly List<JsonElement> resources;

    private Snapshot(JsonElement snapshot) => resources = [.. snapshot.GetProperty("predictedResources").EnumerateArray()];

    /// <summary>The snapshot of a parameter file, by its path from the root of the repository.</summary>
    public static Snapshot Read(string parameterFile)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(
            Path.Combine(Bicep.Root, Path.ChangeExtension(parameterFile, ".snapshot.json"))));
        return new Snapshot(json.RootElement.Clone());
    }

    /// <summary>The resources of a type.</summary>
    public IReadOnlyList<JsonElement> Of(string type) =>
        [.. resources.Where(resource => resource.GetProperty("type").GetString() == type)];

    /// <summary>The last parts of the names of the resources of a type.</summary>
    public IEnumerable<string> NamesOf(string type) =>
        Of(type).Select(resource => resource.GetProperty("name").GetString()!.Split('/')[^1]);

    /// <summary>The app settings. What only Azure knows is a sample value in them.</summary>
    public IReadOnlyDictionary<string, string> Settings =>
        Config("appsettings")!.Value.EnumerateObject()
            .ToDictionary(setting => setting.Name, setting => Sample(setting.Value.GetString()!));

    /// <summary>A configuration of the app by its name, or null where there is none.</summary>
    public JsonElement? Config(string name) => Of("Microsoft.Web/sites/config")
        .Where(config => config.GetProperty("name").GetString()!.EndsWith($"/{name}", StringComparison.Ordinal))
        .Select(config => (JsonElement?)config.GetProperty("properties")).SingleOrDefault();

    private static string Sample(string value) =>
        !value.StartsWith('[') ? value
        : value.Contains(".clientId", StringComparison.Ordinal) ? "44444444-4444-4444-4444-444444444444"
        : "InstrumentationKey=55555555-5555-5555-5555-555555555555";
}
