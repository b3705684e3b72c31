using System.Text.Json;
using System.Text.RegularExpressions;
using PointWebhooks.LocalHost;

namespace PointWebhooks.Tests.Infra;

/// <summary>The alert rules, and the runbook that says what to do about each.</summary>
internal sealed partial class AlertTests
{
    private static readonly string Runbook = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "operations.md"));

    private static readonly string[] Names =
        [.. Directory.EnumerateFiles(Path.Combine(Bicep.Folder, "queries", "alerts")).Select(Path.GetFileNameWithoutExtension).Order()!];

    [Test]
    public async Task Every_query_of_an_alert_is_a_rule() =>
        Assert.That((await RulesAsync(Deployment.Small)).Keys, Is.EquivalentTo(Names));

    [TestCaseSource(nameof(Names))]
    public async Task A_rule_asks_the_query_of_its_name(string alert)
    {
        var criterion = (await RulesAsync(Deployment.Small))[alert].GetProperty("criteria").GetProperty("allOf")[0];

        var query = await File.ReadAllTextAsync(Path.Combine(Bicep.Folder, "queries", "alerts", $"{alert}.kql"));
        Assert.That(criterion.GetProperty("query").GetString(), Is.EqualTo(query));
    }

    [TestCaseSource(nameof(Names))]
    public async Task A_rule_tells_the_action_group(string alert)
    {
        var deployment = await Deployment.OfAsync(Deployment.Small);

        var group = deployment.Of("Microsoft.Insights/actionGroups").Single().GetProperty("id").GetString();
        var told = (await RulesAsync(Deployment.Small))[alert].GetProperty("actions").GetProperty("actionGroups");
        Assert.That(told.EnumerateArray().Select(id => id.GetString()), Is.EqualTo([group]));
    }

    [TestCaseSource(nameof(Names))]
    public async Task A_rule_is_on_unless_it_is_the_one_on_request(string alert) =>
        Assert.That((await RulesAsync(Deployment.Small))[alert].GetProperty("enabled").GetBoolean(), Is.EqualTo(alert != "no-events"));

    [Test]
    public async Task A_rule_looks_as_far_back_as_the_parameter_says()
    {
        var rule = (await RulesAsync(Deployment.Full))["no-events"];

        Assert.That((rule.GetProperty("enabled").GetBoolean(), rule.GetProperty("windowSize").GetString()), Is.EqualTo((true, "PT6H")));
    }

    [Test]
    public async Task The_age_of_an_open_event_is_compared_with_the_parameter()
    {
        var criterion = (await RulesAsync(Deployment.Small))["oldest-open-too-old"].GetProperty("criteria").GetProperty("allOf")[0];

        Assert.That(criterion.GetProperty("timeAggregation").GetString(), Is.EqualTo("Maximum"));
        Assert.That(criterion.GetProperty("metricMeasureColumn").GetString(), Is.EqualTo("minutes"));
        Assert.That(criterion.GetProperty("threshold").GetInt32(), Is.EqualTo(60));
        Assert.That(criterion.GetProperty("query").GetString(), Does.Contain("project minutes"));
    }

    [Test]
    public void Every_alert_has_its_entry_in_the_runbook_and_every_entry_its_alert() =>
        Assert.That(EntryPattern().Matches(Runbook).Select(match => match.Groups["alert"].Value), Is.EquivalentTo(Names));

    [TestCaseSource(nameof(Names))]
    public void An_entry_of_the_runbook_links_the_query(string alert) =>
        Assert.That(Runbook, Does.Contain($"(../infra/queries/alerts/{alert}.kql)"));

    private static async Task<Dictionary<string, JsonElement>> RulesAsync(string size) =>
        (await Deployment.OfAsync(size)).Of("Microsoft.Insights/scheduledQueryRules")
            .Select(rule => rule.GetProperty("properties"))
            .ToDictionary(rule => rule.GetProperty("displayName").GetString()!);

    [GeneratedRegex("^### `(?<alert>[a-z-]+)`$", RegexOptions.Multiline)]
    private static partial Regex EntryPattern();
}
