using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.Logging;
using PointWebhooks.Telemetry;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>docs/telemetry.md lists what the code has: nothing less, nothing else.</summary>
[NonParallelizable]
internal sealed class DocumentedTelemetryTests
{
    private static readonly Document Listed = new("docs/telemetry.md");

    [Test]
    public void Every_metric_is_listed_with_its_kind_unit_and_tags()
    {
        var inCode = RecordedInstruments.All().Values.Select(recorded =>
            $"{recorded.Instrument.Name} {Kind(recorded.Instrument)} {recorded.Instrument.Unit} [{Sorted(recorded.Tags)}]");
        var listed = Listed.Table("Metric", "Kind", "Unit", "Tags", "Meaning").Select(row =>
            $"{row[0]} {row[1]} {row[2]} [{Sorted(row[3].Split(", "))}]");
        AssertSame(listed, inCode);
    }

    [Test]
    public void No_instrument_is_left_unused()
    {
        var instruments = typeof(PointMetrics).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Count(field => field.FieldType.IsAssignableTo(typeof(Instrument)));
        Assert.That(RecordedInstruments.All(), Has.Count.EqualTo(instruments));
    }

    [Test]
    public async Task Every_span_is_listed_with_its_kind_and_tags()
    {
        var seen = (await Story.ToldAsync()).Observed.Spans
            .Where(span => span.Source.Name == PointActivity.SourceName)
            .GroupBy(span => (span.OperationName, span.Kind))
            .Select(spans =>
                $"{spans.Key.OperationName} {spans.Key.Kind} [{Sorted(spans.SelectMany(span => span.TagObjects).Select(tag => tag.Key))}]");
        var listed = Listed.Table("Span", "Kind", "Tags", "Meaning");
        AssertSame(listed.Select(row => $"{row[0]} {row[1]} [{Sorted(row[2].Split(", "))}]"), seen);
        AssertSame(listed.Select(row => row[0]), Constants(typeof(SpanNames)));
        AssertSame(listed.SelectMany(row => row[2].Split(", ")).Distinct(), Constants(typeof(SpanTags)));
    }

    [Test]
    public void Every_log_event_is_listed_with_its_level() => AssertSame(
        Listed.Table("Id", "Level", "Meaning").Select(row => $"{row[0]} {row[1]}"),
        LogEvents().Select(log => $"{log.EventId} {log.Level}"));

    [Test]
    public void No_two_log_events_share_an_id() => Assert.That(LogEvents().Select(log => log.EventId), Is.Unique);

    /// <summary>The log events of the code.</summary>
    internal static List<LoggerMessageAttribute> LogEvents() =>
    [
        .. from type in typeof(PointActivity).Assembly.GetTypes()
           where type.Namespace?.StartsWith("PointWebhooks", StringComparison.Ordinal) == true
               && !type.Namespace.StartsWith("PointWebhooks.LocalHost", StringComparison.Ordinal)
           from method in type.GetMethods(
               BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let log = method.GetCustomAttribute<LoggerMessageAttribute>()
           where log is not null
           select log,
    ];

    private static void AssertSame(IEnumerable<string> listed, IEnumerable<string> inCode)
    {
        var (document, code) = (listed.ToList(), inCode.ToList());
        Assert.That(code.Except(document), Is.Empty, "in the code, and not (so) in docs/telemetry.md");
        Assert.That(document.Except(code), Is.Empty, "in docs/telemetry.md, and not (so) in the code");
        Assert.That(document, Is.Unique);
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0];

    private static string Sorted(IEnumerable<string> names) => string.Join(", ", names.Distinct().Order(StringComparer.Ordinal));

    private static IEnumerable<string> Constants(Type type) => type.GetFields().Select(field => (string)field.GetValue(null)!);
}
