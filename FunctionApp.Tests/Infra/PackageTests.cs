using System.IO.Compression;

namespace PointWebhooks.Tests.Infra;

/// <summary>Zipping what was published. Publishing itself needs the packages of the Functions worker.</summary>
public sealed class PackageTests
{
    private string folder = "";

    private string Package => Path.Combine(folder, "app.zip");

    [SetUp]
    public void PublishSomething()
    {
        folder = Directory.CreateTempSubdirectory("package-").FullName;
        Write("app/host.json", "{}");
        Write("app/functions.metadata", "[]");
        Write("app/.azurefunctions/function.deps.json", "{}");
    }

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task The_package_holds_the_hidden_folder_and_no_root_folder()
    {
        var zip = await ZipAsync();

        Assert.That(zip.ExitCode, Is.Zero, zip.Output);
        using var package = ZipFile.OpenRead(Package);
        Assert.That(
            package.Entries.Where(entry => entry.Name.Length > 0).Select(entry => entry.FullName),
            Is.EquivalentTo(["host.json", "functions.metadata", ".azurefunctions/function.deps.json"]));
    }

    [Test]
    public async Task A_package_without_the_hidden_folder_is_not_made()
    {
        Directory.Delete(Path.Combine(folder, "app", ".azurefunctions"), recursive: true);

        var zip = await ZipAsync();

        Assert.That(zip.ExitCode, Is.Not.Zero);
        Assert.That(zip.Output, Does.Contain("Flex Consumption would refuse the package"));
        Assert.That(Package, Does.Not.Exist);
    }

    [Test]
    public async Task The_settings_of_a_machine_are_not_packed()
    {
        Write("app/local.settings.json", "{}");

        var zip = await ZipAsync();

        Assert.That(zip.ExitCode, Is.Not.Zero);
        Assert.That(Package, Does.Not.Exist);
    }

    private Task<ChildProcess.Result> ZipAsync() => ChildProcess.RunAsync(
        Bicep.Folder,
        "dotnet",
        ["msbuild", "scripts/Package.proj", "-t:Zip", $"-p:Folder={Path.Combine(folder, "app")}", $"-p:Package={Package}", "-nologo"]);

    private void Write(string path, string text)
    {
        var file = new FileInfo(Path.Combine(folder, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }
}
