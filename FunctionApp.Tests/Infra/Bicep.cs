using System.Reflection;
using PointWebhooks.LocalHost;

namespace PointWebhooks.Tests.Infra;

/// <summary>The Bicep CLI that infra/Bicep.props pins, and the Bicep files of this repository.</summary>
internal static class Bicep
{
    /// <summary>What to do when something that is made from the Bicep files is out of date.</summary>
    public const string Update = "Run `dotnet msbuild infra/Bicep.proj -restore -t:Update`, and look at the difference.";

    private static readonly Assembly Tests = typeof(Bicep).Assembly;

    // What the parameter files read from the environment.
    private static readonly Dictionary<string, string> SampleValues = Metadata("BicepSampleValues")
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    private static readonly Lazy<Task<string>> Built = new(async () =>
    {
        var build = await RunAsync("build", "infra/main.bicep", "--stdout");
        Assert.That(build.Error, Is.Empty);
        return build.Output;
    });

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = RepositoryRoot.Find();

    /// <summary>The folder of the Bicep files.</summary>
    public static string Folder { get; } = Path.Combine(Root, "infra");

    /// <summary>Every Bicep file, relative to <see cref="Root"/>.</summary>
    public static IEnumerable<string> Files =>
        from folder in (string[])[Folder, Path.Combine(Root, "FunctionApp.Tests", "Infra")]
        from pattern in (string[])["*.bicep", "*.bicepparam"]
        from file in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
        orderby file
        select Path.GetRelativePath(Root, file).Replace('\\', '/');

    /// <summary>Every parameter file, relative to <see cref="Root"/>; a snapshot lies beside each.</summary>
    public static IEnumerable<string> ParameterFiles => Files.Where(file => file.EndsWith(".bicepparam", StringComparison.Ordinal));

    /// <summary>The options of a snapshot that say where it pretends to be deployed to.</summary>
    public static IEnumerable<string> SnapshotScope => Metadata("BicepSnapshotScope").Split(' ');

    /// <summary>Runs the CLI in the root of the repository.</summary>
    public static Task<ChildProcess.Result> RunAsync(params IEnumerable<string> arguments) => RunAsync(SampleValues, arguments);

    /// <summary>Runs the CLI in the root of the repository, with the environment that parameter files read.</summary>
    public static Task<ChildProcess.Result> RunAsync(
        IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(Root, Metadata("BicepPath"), arguments, environment);

    /// <summary>The template that main.bicep compiles to.</summary>
    public static Task<string> BuildAsync() => Built.Value;

    private static string Metadata(string key) =>
        Tests.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
