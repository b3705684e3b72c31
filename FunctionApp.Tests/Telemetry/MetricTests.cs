using OpenTelemetry.Metrics;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>The metrics of the app, as an exporter is given them.</summary>
[NonParallelizable]
internal sealed class MetricTests
{
    private Story story = null!;

    [OneTimeSetUp]
    public async Task ListenAsync() => story = await Story.ToldAsync();

    [TestCase("point.events.received", "{event}", "type=ProvisioningCompleted", 1)]
    [TestCase("point.events.duplicates", "{event}", "body=other,type=ProvisioningStarted", 1)]
    [TestCase("point.requests.refused", "{request}", "reason=signature-mismatch", 1)]
    [TestCase("point.events.handled", "{event}", "handler=RecordingHandler,type=ProvisioningCompleted", 1)]
    [TestCase("point.events.retried", "{event}", "type=ProvisioningFailed", 1)]
    [TestCase("point.events.died", "{event}", "type=ProvisioningFailed", 1)]
    public void A_count_has_its_unit_and_tags(string name, string unit, string tags, long expected)
    {
        var metric = Last(name);
        Assert.That(metric.Unit, Is.EqualTo(unit));
        Assert.That(Point(metric, tags).GetSumLong(), Is.EqualTo(expected));
    }

    [Test]
    public void A_failure_of_a_handler_is_counted_for_that_handler_alone()
    {
        var failures = Last("point.handler.failures");
        Assert.That(failures.MetricPoints.Select(Tags), Is.EqualTo(["handler=RecordingHandler,type=ProvisioningFailed"]));
        Assert.That(failures.MetricPoints.Single().GetSumLong(), Is.EqualTo(2), "one that was tried again, one that was final");
    }

    [Test]
    public void The_time_to_completion_is_in_seconds_with_boundaries_that_fit()
    {
        var metric = Last("point.events.time_to_completion");
        var point = Point(metric, "type=ProvisioningCompleted");
        var boundaries = new List<double>();
        foreach (var bucket in point.GetHistogramBuckets())
            boundaries.Add(bucket.ExplicitBound);
        Assert.That(metric.Unit, Is.EqualTo("s"));
        Assert.That(point.GetHistogramCount(), Is.EqualTo(1));
        Assert.That(
            point.GetHistogramSum(),
            Is.GreaterThan(0).And.LessThan(story.Took.TotalSeconds),
            "one of several events, one after the other: in milliseconds it would be more than all of them took");
        Assert.That(boundaries[0], Is.LessThan(1), "most events are done within a second");
        Assert.That(boundaries[^2], Is.EqualTo(86400), "the last retry comes after a day");
    }

    private MetricSnapshot Last(string name) => story.Observed.Metrics.Last(metric => metric.Name == name);

    private static MetricPoint Point(MetricSnapshot metric, string tags) => metric.MetricPoints.Single(point => Tags(point) == tags);

    private static string Tags(MetricPoint point)
    {
        var tags = new List<string>();
        foreach (var tag in point.Tags)
            tags.Add($"{tag.Key}={tag.Value}");
        return string.Join(',', tags.Order());
    }
}
