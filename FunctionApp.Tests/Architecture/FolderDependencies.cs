using System.Text.RegularExpressions;
using PointWebhooks.LocalHost;

namespace PointWebhooks.Tests.Architecture;

/// <summary>
/// Which folders of FunctionApp use which, as their sources say by <c>using</c> and by qualified names. The build refuses a
/// <c>using</c> that is not needed and a namespace that is not its folder's. The files beside the folders are left out: they put all of
/// it together.
/// </summary>
internal static class FolderDependencies
{
    private static readonly string Root = Path.Combine(RepositoryRoot.Find(), "FunctionApp");

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read()
    {
        string[] folders = [.. Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Except(["bin", "obj"])];
        // EventId has an alias in the project file, and so no using.
        var use = new Regex(
            $@"(?<![\w.])(?:PointWebhooks\.)?(?:(?<folder>{string.Join('|', folders)})(?:;|\.[A-Z])|(?<alias>EventId)[ .?>)])");
        return folders.ToDictionary(folder => folder, folder => UsedBy(folder, use));
    }

    private static IReadOnlyList<string> UsedBy(string folder, Regex use) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => use.Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["alias"].Success ? "Ledger" : match.Groups["folder"].Value)
            .Where(used => used != folder)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];
}
