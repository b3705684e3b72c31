using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.LocalHost;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Docs;

/// <summary>docs/handlers.md names every setting of every kind, and no other.</summary>
internal sealed partial class HandlersDocumentTests
{
    private static IEnumerable<string> Kinds => ConfiguredHandlers.Kinds.Keys;

    [TestCaseSource(nameof(Kinds))]
    public void The_section_of_a_kind_has_its_settings(string kind)
    {
        var section = new HandlerSection(new SettingsReader(new ConfigurationBuilder().Build()), kind, "any");
        ConfiguredHandlers.Kinds[kind](section);

        Assert.That(Documented(kind), Is.EquivalentTo(section.Known));
    }

    private static IEnumerable<string> Documented(string kind)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "handlers.md"));
        var section = text.Split("\n## ").Single(part => part.StartsWith($"{kind}\n", StringComparison.Ordinal));
        return section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => SettingPattern().Matches(line.Split('|')[1]))
            .Select(name => name.Groups["name"].Value)
            .Distinct();
    }

    // Of a setting with others below it, the first part.
    [GeneratedRegex("`(?<name>[A-Za-z]+)[^`]*`")]
    private static partial Regex SettingPattern();
}
