using System.Text.Json;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Storage;

namespace PointWebhooks.Tests.LocalHost.Support;

/// <summary>
/// A folder that LocalHost takes for its repository: with the host.json and the emulator of this one, without the local.settings.json of
/// whoever develops here.
/// </summary>
internal sealed class CleanRepository : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("repository-");

    /// <summary>Makes the folder.</summary>
    /// <param name="isInstalled">Whether the emulator seems to be installed there.</param>
    public CleanRepository(bool isInstalled = true)
    {
        var root = RepositoryRoot.Find();
        File.Copy(Path.Combine(root, "host.json"), Path.Combine(Folder, "host.json"));
        var azurite = Directory.CreateDirectory(EmulatorPackage.Folder(Folder)).FullName;
        // Its packages are found beside the script itself.
        var start = JsonSerializer.Serialize(Path.Combine(EmulatorPackage.Folder(root), "start.js"));
        File.WriteAllText(Path.Combine(azurite, "start.js"), $"require({start});\n");
        File.WriteAllText(Path.Combine(azurite, "package-lock.json"), "{}");
        if (!isInstalled)
            return;
        var installed = Directory.CreateDirectory(Path.Combine(azurite, "node_modules")).FullName;
        File.WriteAllText(Path.Combine(installed, ".package-lock.json"), "{}");
    }

    public string Folder => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);
}
