using System.Text.Json;
using System.Text.RegularExpressions;

namespace PointWebhooks.Tests.Infra;

/// <summary>The alert rules and the workbook, against the queries they ask and the runbook that says what to do about each alert.</summary>
internal sealed partial class AlertTests
{
    private static readonly Snapshot Prod = Snapshot.Read("infra/main.prod.bicepparam");
    private static readonly string Runbook = File.ReadAllText(Path.Combine(Bicep.Root, "docs", "operations.md"));

    [Test]
    public void Every_query_of_an_alert_is_the_rule_of_its_name()
    {
        var rules = Prod.Of("Microsoft.Insights/scheduledQueryRules").ToDictionary(
            rule => Alert(rule),
            rule => rule.GetProperty("properties").GetProperty("criteria").GetProperty("allOf")[0].GetProperty("query").GetString());

        Assert.That(rules, Is.EquivalentTo(Queries("alerts")));
    }

    [Test]
    public void Every_query_of_the_workbook_is_the_item_of_its_name()
    {
        var serialized = Prod.Of("Microsoft.Insights/workbooks").Single().GetProperty("properties").GetProperty("serializedData");
        using var workbook = JsonDocument.Parse(serialized.GetString()!);

        var items = workbook.RootElement.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("content").TryGetProperty("query", out _))
            .ToDictionary(
                item => item.GetProperty("name").GetString()!,
                item => item.GetProperty("content").GetProperty("query").GetString());
        Assert.That(items, Is.EquivalentTo(Queries("workbook")));
    }

    [Test]
    public void Every_alert_has_its_entry_in_the_runbook_and_every_entry_its_alert()
    {
        var alerts = Prod.Of("Microsoft.Insights/scheduledQueryRules").Concat(Prod.Of("Microsoft.Insights/metricAlerts")).Select(Alert);

        Assert.That(EntryPattern().Matches(Runbook).Select(entry => entry.Groups["alert"].Value), Is.EquivalentTo(alerts));
    }

    [Test]
    public void Every_entry_has_a_query_that_finds_the_cause()
    {
        var entries = Runbook.Split("\n### ").Where(entry => entry.StartsWith('`'));

        Assert.That(entries, Has.All.Contains("```kusto\n"));
    }

    [Test]
    public void Every_entry_links_the_query_of_its_alert() =>
        Assert.That(
            Queries("alerts").Keys.Where(alert => !Runbook.Contains($"(../infra/queries/alerts/{alert}.kql)", StringComparison.Ordinal)),
            Is.Empty);

    private static string Alert(JsonElement rule) =>
        rule.GetProperty("name").GetString()!.Replace("alert-syskitpoint-prod-", "", StringComparison.Ordinal);

    private static Dictionary<string, string?> Queries(string use) =>
        Directory.EnumerateFiles(Path.Combine(Bicep.Folder, "queries", use)).ToDictionary(
            file => Path.GetFileNameWithoutExtension(file), string? (file) => File.ReadAllText(file));

    [GeneratedRegex("^### `(?<alert>[a-z-]+)`$", RegexOptions.Multiline)]
    private static partial Regex EntryPattern();
}
