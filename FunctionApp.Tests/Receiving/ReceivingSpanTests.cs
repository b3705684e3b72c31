using System.Collections.Concurrent;
using System.Diagnostics;
using PointWebhooks.Telemetry;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>What the span of a request says of it.</summary>
[NonParallelizable]
internal sealed class ReceivingSpanTests : SimulatedAppTests
{
    private readonly ConcurrentQueue<Activity> spans = [];
    private ActivityListener listener = null!;

    private Activity Span => spans.Single();

    [SetUp]
    public void Listen()
    {
        spans.Clear();
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PointActivity.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    [TearDown]
    public void StopListening() => listener.Dispose();

    [Test]
    public void Of_an_authentic_event_it_names_type_key_and_what_became_of_it()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));

        Assert.That((Span.OperationName, Tag(SpanTags.Outcome)), Is.EqualTo((SpanNames.Receive, "accepted")));
        Assert.That((Tag(SpanTags.EventType), Tag(SpanTags.IdempotencyKey)), Is.EqualTo((SimulatedApp.Type, "key")));
        Assert.That(Span.Status, Is.EqualTo(ActivityStatusCode.Unset));
    }

    [Test]
    public void A_forgery_is_refused_and_no_error_and_nothing_of_it_is_named()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"), key: "another"));

        Assert.That((Tag(SpanTags.Outcome), Tag(SpanTags.Reason)), Is.EqualTo((SpanOutcome.Refused, "signature-mismatch")));
        Assert.That((Tag(SpanTags.EventType), Tag(SpanTags.IdempotencyKey)), Is.EqualTo((default(string), default(string))));
        Assert.That(Span.Status, Is.EqualTo(ActivityStatusCode.Unset));
    }

    [Test]
    public void An_event_that_cannot_be_stored_is_an_error()
    {
        App.Faults = _ => Fault.Unavailable;

        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));

        Assert.That((Tag(SpanTags.Reason), Span.Status), Is.EqualTo(("storage-unavailable", ActivityStatusCode.Error)));
    }

    private string? Tag(string name) => Span.GetTagItem(name) as string;
}
