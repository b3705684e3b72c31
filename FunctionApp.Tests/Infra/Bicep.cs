using System.Reflection;
using PointWebhooks.LocalHost;

namespace PointWebhooks.Tests.Infra;

/// <summary>The Bicep CLI that infra/Bicep.props pins, and the Bicep files of this repository.</summary>
internal static class Bicep
{
    private static readonly Assembly Tests = typeof(Bicep).Assembly;

    /// <summary>What to do when something that is made from the Bicep files is out of date.</summary>
    public const string Update = "Run `dotnet msbuild infra/Bicep.proj -restore -t:Update`, and look at the difference.";

    /// <summary>The folder of the Bicep files.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Find(), "infra");

    /// <summary>Every Bicep file, relative to <see cref="Folder"/>.</summary>
    public static IEnumerable<string> Files =>
        from pattern in (string[])["*.bicep", "*.bicepparam"]
        from file in Directory.EnumerateFiles(Folder, pattern, SearchOption.AllDirectories)
        orderby file
        select Path.GetRelativePath(Folder, file);

    /// <summary>Every parameter file, relative to <see cref="Folder"/>.</summary>
    public static IEnumerable<string> ParameterFiles => Files.Where(file => file.EndsWith(".bicepparam", StringComparison.Ordinal));

    /// <summary>The options of a snapshot that say where it pretends to be deployed to.</summary>
    public static IEnumerable<string> SnapshotScope => Metadata("BicepSnapshotScope").Split(' ');

    /// <summary>Runs the CLI.</summary>
    public static Task<ChildProcess.Result> RunAsync(string folder, params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(folder, Metadata("BicepPath"), arguments);

    /// <summary>The template that main.bicep compiles to.</summary>
    public static async Task<string> BuildAsync()
    {
        var build = await RunAsync(Folder, "build", "main.bicep", "--stdout");
        Assert.That(build.Error, Is.Empty);
        return build.Output;
    }

    /// <summary>A copy of the Bicep files and what they load, to write into.</summary>
    public static string Copy()
    {
        var copy = Directory.CreateTempSubdirectory("infra-").FullName;
        string[] endings = [".bicep", ".bicepparam", ".json", ".kql"];
        var files = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories);
        foreach (var file in files.Where(file => endings.Contains(Path.GetExtension(file))))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    private static string Metadata(string key) =>
        Tests.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
