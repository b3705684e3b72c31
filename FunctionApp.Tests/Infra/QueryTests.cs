using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.LocalHost;
using PointWebhooks.Receiving;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Tests.Infra;

/// <summary>The queries of alerts and workbook, against the code whose names they use.</summary>
internal sealed partial class QueryTests
{
    private static readonly string Folder = Path.Combine(Bicep.Folder, "queries");

    private static readonly string[] Files =
    [
        .. from file in Directory.EnumerateFiles(Folder, "*.kql", SearchOption.AllDirectories)
           orderby file
           select Path.GetRelativePath(Folder, file).Replace('\\', '/'),
    ];

    private static readonly Dictionary<string, Instrument> Metrics = PointMetrics();

    private const string Completed = "completed";
    private const string PoisonMessage = "A poison message of";

    [TestCaseSource(nameof(Files))]
    public void A_query_asks_for_metrics_that_the_code_has(string file) =>
        Assert.That(NamesOfMetrics(file).Distinct(), Is.SubsetOf(Metrics.Keys));

    [TestCaseSource(nameof(Files))]
    public void A_query_asks_for_tags_that_the_code_sets(string file) =>
        Assert.That(
            TagPattern().Matches(Text(file)).Select(match => match.Groups["tag"].Value).Distinct(),
            Is.SubsetOf(["type", "reason", "result", "handler"]));

    [TestCaseSource(nameof(Files))]
    public void A_query_asks_for_values_that_the_code_gives(string file)
    {
        string[] answers = ["none in this time", "yyyy-MM-dd HH:mm", "Last new event", "quarantined"];
        var reasons = typeof(Refusal).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => ((Refusal)field.GetValue(null)!).Reason);
        var results = ResultPattern().Matches(Metrics["point.registration.runs"].Description!).Select(match => match.Value);
        string[] ofLogs = ["Message has reached MaxDequeueCount", PoisonMessage];

        Assert.That(
            Quoted(file).Except([.. NamesOfMetrics(file), SpanTags.Outcome]),
            Is.SubsetOf([.. answers, .. reasons, .. results, .. ofLogs, SpanNames.Process, Completed]));
    }

    [TestCaseSource(nameof(Files))]
    public void A_query_begins_by_saying_what_it_shows(string file) => Assert.That(Text(file), Does.StartWith("// "));

    [TestCaseSource(nameof(Files))]
    public void A_query_has_its_use(string file) =>
        Assert.That(File.ReadAllText(Path.Combine(Bicep.Folder, "queries.bicep")), Does.Contain($"loadTextContent('queries/{file}')"));

    [TestCase("Processing/EventProcessor.cs", $"SetOutcome(\"{Completed}\")")]
    [TestCase("Processing/PoisonDrain.cs", $"\"{PoisonMessage}")]
    public void The_code_says_what_a_query_looks_for(string source, string text) =>
        Assert.That(File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "FunctionApp", source)), Does.Contain(text));

    [Test]
    public void Every_metric_is_looked_at() =>
        Assert.That(Files.SelectMany(NamesOfMetrics).Distinct(), Is.EquivalentTo(Metrics.Keys));

    private static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static IEnumerable<string> NamesOfMetrics(string file) =>
        Quoted(file).Where(text => text.StartsWith("point.", StringComparison.Ordinal) && text != SpanTags.Outcome);

    // Without the comment lines, which are prose.
    private static IEnumerable<string> Quoted(string file) =>
        from line in Text(file).Split('\n')
        where !line.StartsWith("//", StringComparison.Ordinal)
        from Match match in QuotedPattern().Matches(line)
        select match.Groups["text"].Value;

    private static Dictionary<string, Instrument> PointMetrics()
    {
        var metrics = new Dictionary<string, Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == PointActivity.SourceName)
                    metrics[instrument.Name] = instrument;
            },
        };
        listener.Start();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _ = new PointMetrics(services.GetRequiredService<IMeterFactory>());
        return metrics;
    }

    [GeneratedRegex("\"(?<text>[^\"]*)\"")]
    private static partial Regex QuotedPattern();

    [GeneratedRegex(@"customDimensions\.(?<tag>\w+)")]
    private static partial Regex TagPattern();

    [GeneratedRegex("[a-z]+(-[a-z]+)*")]
    private static partial Regex ResultPattern();
}
