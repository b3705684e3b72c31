using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using PointWebhooks.LocalHost;

namespace PointWebhooks.Tests.Infra;

/// <summary>The package that is deployed, made once from a copy of the sources in which a local.settings.json lies at the root.</summary>
[Explicit("Takes long; .ci/run asks for it.")]
[Category("Slow")]
internal sealed class PackageTests
{
    private static readonly string[] Sources =
    [
        "FunctionApp", "infra/scripts", "host.json", "global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig",
    ];

    private string copy = "";
    private IReadOnlyDictionary<string, long> files = new Dictionary<string, long>();

    private string Published => Path.Combine(copy, "artifacts", "app");

    private string Package => Path.Combine(copy, "artifacts", "app.zip");

    [OneTimeSetUp]
    public async Task MakeAsync()
    {
        copy = Directory.CreateTempSubdirectory("package-").FullName;
        foreach (var source in Sources)
            Copy(source);
        await File.WriteAllTextAsync(Path.Combine(copy, "local.settings.json"), """{ "Values": { "Point__ClientSecret": "a secret" } }""");

        var made = await RunAsync();

        Assert.That(made.ExitCode, Is.Zero, made.Output);
        using var package = ZipFile.OpenRead(Package);
        files = package.Entries.Where(entry => entry.Name.Length > 0).ToDictionary(entry => entry.FullName, entry => entry.Length);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(copy, recursive: true);

    [TestCase("host.json")]
    [TestCase("functions.metadata")]
    [TestCase("extensions.json")]
    [TestCase("worker.config.json")]
    [TestCase("FunctionApp.dll")]
    [TestCase(".azurefunctions/function.deps.json")]
    [TestCase(".azurefunctions/Microsoft.Azure.WebJobs.Extensions.Storage.Queues.dll")]
    public void The_package_holds(string file) => Assert.That(files, Does.ContainKey(file));

    [Test]
    public void The_settings_of_a_machine_are_not_in_the_package() =>
        Assert.That(files.Keys, Has.None.EndsWith("local.settings.json"));

    [Test]
    public async Task The_host_loads_the_extension_of_the_queues()
    {
        await using var extensions = File.OpenRead(Path.Combine(Published, "extensions.json"));
        using var json = await JsonDocument.ParseAsync(extensions);

        var hintPaths = json.RootElement.GetProperty("extensions").EnumerateArray()
            .Select(extension => extension.GetProperty("hintPath").GetString()!["./".Length..]);
        Assert.That(hintPaths, Is.SubsetOf(files.Keys).And.Some.Contains("Storage.Queues"));
    }

    [Test]
    public async Task The_host_finds_the_functions_that_are_tested_here()
    {
        await using var metadata = File.OpenRead(Path.Combine(Published, "functions.metadata"));
        using var json = await JsonDocument.ParseAsync(metadata);

        var tested = await File.ReadAllTextAsync(Path.Combine(TestContext.CurrentContext.TestDirectory, "functions.metadata"));
        using var expected = JsonDocument.Parse(tested);
        Assert.That(Names(json), Is.EquivalentTo(Names(expected)).And.Not.Empty);
    }

    [Test]
    public async Task The_version_lies_beside_the_package()
    {
        var version = (await File.ReadAllTextAsync(Path.ChangeExtension(Package, ".version"))).Trim();

        var published = FileVersionInfo.GetVersionInfo(Path.Combine(Published, "FunctionApp.dll")).ProductVersion;
        Assert.That(version, Is.EqualTo(published).And.Not.Empty);
    }

    [TestCase(".azurefunctions")]
    [TestCase("functions.metadata")]
    [TestCase("extensions.json")]
    [TestCase("host.json")]
    public async Task A_package_that_Flex_Consumption_would_refuse_is_not_made(string missing)
    {
        var folder = Incomplete(needed => needed != missing);

        var zip = await RunAsync("-t:Zip", $"-p:Folder={folder}", $"-p:Package={folder}.zip");

        Assert.That(zip.ExitCode, Is.Not.Zero);
        Assert.That(zip.Output, Does.Contain($"{missing} is missing"));
        Assert.That($"{folder}.zip", Does.Not.Exist);
    }

    [Test]
    public async Task The_settings_of_a_machine_are_never_packed()
    {
        var folder = Incomplete(_ => true);
        await File.WriteAllTextAsync(Path.Combine(folder, "local.settings.json"), "{}");

        var zip = await RunAsync("-t:Zip", $"-p:Folder={folder}", $"-p:Package={folder}.zip");

        Assert.That(zip.ExitCode, Is.Not.Zero);
        Assert.That(zip.Output, Does.Contain("local.settings.json is in"));
        Assert.That($"{folder}.zip", Does.Not.Exist);
    }

    // Compiler and build servers would outlive the command and keep its output open.
    private Task<ChildProcess.Result> RunAsync(params IEnumerable<string> arguments) => ChildProcess.RunAsync(
        copy,
        "dotnet",
        ["msbuild", "infra/scripts/Package.proj", "-nologo", .. arguments],
        new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" });

    private string Incomplete(Func<string, bool> isThere)
    {
        var folder = Directory.CreateDirectory(Path.Combine(copy, Guid.NewGuid().ToString())).FullName;
        foreach (var file in new[] { "host.json", "functions.metadata", "extensions.json" }.Where(isThere))
            File.WriteAllText(Path.Combine(folder, file), "");
        if (isThere(".azurefunctions"))
            Directory.CreateDirectory(Path.Combine(folder, ".azurefunctions"));
        return folder;
    }

    private void Copy(string source)
    {
        var root = RepositoryRoot.Find();
        var from = Path.Combine(root, source);
        var files = Directory.Exists(from) ? Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories) : [from];
        foreach (var file in files.Select(file => Path.GetRelativePath(root, file)))
        {
            if (file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any())
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, file))!);
            File.Copy(Path.Combine(root, file), Path.Combine(copy, file));
        }
    }

    private static IEnumerable<string> Names(JsonDocument metadata) =>
        metadata.RootElement.EnumerateArray().Select(function => function.GetProperty("name").GetString()!);
}
