using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using PointWebhooks.Receiving;
using PointWebhooks.Telemetry;
using PointWebhooks.Tests.Telemetry;

namespace PointWebhooks.Tests.Infra;

/// <summary>Every query of alerts, workbook and documents: the official parser takes it, and its names are those of the code.</summary>
internal sealed partial class QueryTests
{
    private static readonly Dictionary<string, string> Queries = OfFiles().Concat(OfDocuments()).ToDictionary();

    [Test]
    public async Task The_parser_finds_nothing_wrong_except_in_a_wrong_query()
    {
        var queries = Queries.Append(new("wrong", "customMetrics\n| where nmae == \"point.events.open\""));

        var said = await NodeTool.RunAsync("kusto", "check.js", JsonSerializer.Serialize(queries.Select(query => new
        {
            name = query.Key,
            text = query.Value,
        })));

        using var findings = JsonDocument.Parse(said);
        Assert.That(
            findings.RootElement.EnumerateArray().Select(finding => finding.GetRawText()),
            Has.Exactly(1).Items.And.All.Contains("\"name\":\"wrong\",\"line\":2"));
    }

    [TestCaseSource(nameof(Names))]
    public void A_query_asks_for_what_the_code_has(string name)
    {
        string[] ofFormats = ["", " ", "none in this time", "yyyy-MM-dd HH:mm", "Last new event", "kept", "exception", "completed"];
        string[] known =
        [
            .. RecordedInstruments.All().Keys, .. Reasons(), .. Results(), .. EventIds(), .. ofFormats,
            .. typeof(SpanTags).GetFields().Select(field => (string)field.GetValue(null)!), SpanNames.Process,
        ];

        Assert.That(Literals(Queries[name]).Distinct(), Is.SubsetOf(known));
    }

    [TestCaseSource(nameof(Names))]
    public void A_query_asks_for_dimensions_that_the_code_sets(string name)
    {
        var dimensions = DimensionPattern().Matches(Queries[name]).Select(match => match.Groups["name"].Value).Distinct();

        // The last ones are the exporter's, and those of the log scope of an event.
        string[] ofLogs = ["EventId", "OriginalFormat", "CategoryName", "EventType", "IdempotencyKey"];
        Assert.That(dimensions, Is.SubsetOf([.. RecordedInstruments.All().Values.SelectMany(recorded => recorded.Tags), .. ofLogs]));
    }

    [Test]
    public void Every_metric_is_asked_for() =>
        Assert.That(RecordedInstruments.All().Keys, Is.SubsetOf(Queries.Values.SelectMany(Literals).Distinct()));

    [Test]
    public void The_alerts_on_refusals_ask_for_every_reason_but_those_that_any_stranger_can_cause()
    {
        var refusals = typeof(Refusal).GetFields().Select(field => (Refusal)field.GetValue(null)!).ToLookup(
            refusal => refusal.Status == StatusCodes.Status503ServiceUnavailable, refusal => refusal.Reason);

        Assert.That(ReasonsOf("receiver-unavailable"), Is.EquivalentTo(refusals[true]));
        Assert.That(
            ReasonsOf("requests-refused"),
            Is.EquivalentTo(refusals[false].Except([Refusal.SignatureMissing.Reason, Refusal.BodyIncomplete.Reason])));
    }

    [Test]
    public void Every_query_of_a_document_is_marked_as_one()
    {
        var unmarked = Documents().SelectMany(document => BlockPattern().Matches(File.ReadAllText(document)))
            .Where(block => block.Groups["language"].Value != "kusto" && TablePattern().IsMatch(block.Groups["text"].Value));

        Assert.That(unmarked.Select(block => block.Value), Is.Empty);
    }

    private static IReadOnlyCollection<string> Names => Queries.Keys;

    private static IEnumerable<KeyValuePair<string, string>> OfFiles() =>
        from file in Directory.EnumerateFiles(Bicep.Folder, "*.kql", SearchOption.AllDirectories)
        orderby file
        select KeyValuePair.Create(Path.GetRelativePath(Bicep.Root, file), File.ReadAllText(file));

    private static IEnumerable<KeyValuePair<string, string>> OfDocuments() =>
        from document in Documents()
        let text = File.ReadAllText(document)
        from Match block in BlockPattern().Matches(text)
        where block.Groups["language"].Value == "kusto"
        let line = text[..block.Index].Count(character => character == '\n') + 1
        select KeyValuePair.Create($"{Path.GetRelativePath(Bicep.Root, document)}:{line}", block.Groups["text"].Value);

    private static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Path.Combine(Bicep.Root, "docs"), "*.md").Append(Path.Combine(Bicep.Root, "README.md")).Order();

    private static IEnumerable<string> ReasonsOf(string alert) =>
        Literals(Queries[Path.Combine("infra", "queries", "alerts", $"{alert}.kql")]).Except(RecordedInstruments.All().Keys);

    // Without the comments, which are prose.
    private static IEnumerable<string> Literals(string query) =>
        from line in query.Split('\n')
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        from Match literal in LiteralPattern().Matches(line)
        select literal.Groups["text"].Value;

    private static IEnumerable<string> Reasons() =>
        typeof(Refusal).GetFields().Select(field => ((Refusal)field.GetValue(null)!).Reason);

    // The results of the runs of the registration are told in the description of their metric.
    private static string[] Results() =>
        RecordedInstruments.All()["point.registration.runs"].Instrument.Description!.Split([' ', ',', '.', ':']);

    private static IEnumerable<string> EventIds() =>
        DocumentedTelemetryTests.LogEvents().Select(log => log.EventId.ToString(null, null));

    [GeneratedRegex("\"(?<text>[^\"]*)\"")]
    private static partial Regex LiteralPattern();

    [GeneratedRegex(@"customDimensions\.(?<name>\w+)")]
    private static partial Regex DimensionPattern();

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"\A(let .*|union .*|customMetrics|traces|exceptions|requests|dependencies|availabilityResults|[A-Z]\w+)\s*\n\s*\|")]
    private static partial Regex TablePattern();
}
