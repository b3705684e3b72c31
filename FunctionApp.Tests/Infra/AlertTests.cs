using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

namespace PointWebhooks.Tests.Infra;

/// <summary>The alert rules and the workbook, against the queries they ask and the runbook that says what to do about each alert.</summary>
internal sealed partial class AlertTests
{
    private static readonly Snapshot Prod = Snapshot.Read("infra/main.prod.bicepparam");
    private static readonly string Runbook = File.ReadAllText(Path.Combine(Bicep.Root, "docs", "operations.md"));

    [Test]
    public void Every_query_of_an_alert_is_the_rule_of_its_name()
    {
        var rules = Rules().ToDictionary(rule => Alert(rule), rule => Criterion(rule).GetProperty("query").GetString());

        Assert.That(rules, Is.EquivalentTo(Queries("alerts")));
    }

    [Test]
    public void What_a_query_looks_back_to_lies_within_what_its_rule_lets_it_see()
    {
        var looks = (
            from rule in Rules()
            from Match ago in AgoPattern().Matches(Criterion(rule).GetProperty("query").GetString()!)
            select (Alert: Alert(rule), Back: TimeSpanOf(ago.Groups["time"].Value), Seen: SeenBy(rule))).ToList();

        Assert.That(looks.Select(look => look.Alert), Does.Contain("requests-refused").And.Contain("handler-paused"));
        Assert.That(looks.Where(look => look.Back >= look.Seen), Is.Empty);
    }

    [Test]
    public void A_rule_with_a_threshold_compares_a_column_of_its_query_and_any_row_raises_the_others()
    {
        foreach (var rule in Rules())
        {
            var criterion = Criterion(rule);
            var column = Text(criterion, "metricMeasureColumn");
            var hasThreshold = criterion.GetProperty("threshold").GetInt32() > 0;
            Assert.That(
                (Text(criterion, "timeAggregation"), Text(criterion, "operator"), hasThreshold),
                Is.EqualTo((column is null ? "Count" : "Maximum", "GreaterThan", column is not null)), Alert(rule));
            if (column is not null)
                Assert.That(Text(criterion, "query")!.TrimEnd().Split('\n')[^1], Does.StartWith($"| project {column} = "), Alert(rule));
        }

        Assert.That(
            Rules().Where(rule => Text(Criterion(rule), "metricMeasureColumn") is not null).Select(Alert),
            Is.EqualTo(["oldest-open-too-old"]));
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
        var alerts = Rules().Concat(Prod.Of("Microsoft.Insights/metricAlerts")).Select(Alert);

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

    private static IReadOnlyList<JsonElement> Rules() => Prod.Of("Microsoft.Insights/scheduledQueryRules");

    private static JsonElement Criterion(JsonElement rule) =>
        rule.GetProperty("properties").GetProperty("criteria").GetProperty("allOf")[0];

    private static TimeSpan SeenBy(JsonElement rule)
    {
        var properties = rule.GetProperty("properties");
        return XmlConvert.ToTimeSpan(Text(properties, "overrideQueryTimeRange") ?? Text(properties, "windowSize")!);
    }

    private static TimeSpan TimeSpanOf(string kusto)
    {
        var number = int.Parse(kusto[..^1], CultureInfo.InvariantCulture);
        return kusto[^1] switch
        {
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => throw new ArgumentException("It is no time that the alerts use.", nameof(kusto)),
        };
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Alert(JsonElement rule) =>
        rule.GetProperty("name").GetString()!.Replace("alert-syskitpoint-prod-", "", StringComparison.Ordinal);

    private static Dictionary<string, string?> Queries(string use) =>
        Directory.EnumerateFiles(Path.Combine(Bicep.Folder, "queries", use)).ToDictionary(
            file => Path.GetFileNameWithoutExtension(file), string? (file) => File.ReadAllText(file));

    [GeneratedRegex("^### `(?<alert>[a-z-]+)`$", RegexOptions.Multiline)]
    private static partial Regex EntryPattern();

    [GeneratedRegex(@"\bago\((?<time>[^)]*)\)")]
    private static partial Regex AgoPattern();
}
