using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.LocalHost;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Docs;

/// <summary>docs/handlers.md, or the page of its own that a kind has, names every setting of the kind, and no other.</summary>
internal sealed partial class HandlersDocumentTests
{
    private static readonly string[] OfAll = ["EventTypes", "WorkspaceKinds", "Concurrency"];

    private static IEnumerable<string> Kinds => ConfiguredHandlers.Kinds.Keys;

    [TestCaseSource(nameof(Kinds))]
    public void The_section_of_a_kind_has_its_settings(string kind)
    {
        var section = new HandlerSection(new SettingsReader(new ConfigurationBuilder().Build()), kind, "any");
        ConfiguredHandlers.Kinds[kind](section);

        Assert.That(Documented(kind).Union(OfAll), Is.EquivalentTo(section.Known));
    }

    private static IEnumerable<string> Documented(string kind)
    {
        var docs = Path.Combine(RepositoryRoot.Find(), "docs");
        var page = Path.Combine(docs, $"handlers-{kind.ToLowerInvariant()}.md");
        var (file, heading) = File.Exists(page) ? (page, "Settings") : (Path.Combine(docs, "handlers.md"), kind);
        var section = File.ReadAllText(file).Split("\n## ").Single(part => part.StartsWith($"{heading}\n", StringComparison.Ordinal));
        return section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => SettingPattern().Matches(line.Split('|')[1]))
            .Select(name => name.Groups["name"].Value)
            .Distinct();
    }

    // Of a setting with others below it, the first part.
    [GeneratedRegex("`(?<name>[A-Za-z]+)[^`]*`")]
    private static partial Regex SettingPattern();
}
