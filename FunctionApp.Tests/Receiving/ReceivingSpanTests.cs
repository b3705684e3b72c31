using System.Collections.Concurrent;
using System.Diagnostics;
using PointWebhooks.Settings;
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
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
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
    public void Of_a_flood_of_forgeries_the_spans_of_some_are_kept_in_each_minute()
    {
        for (var i = 0; i < 100; i++)
            App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"), key: "another"));
        var ofFirstMinute = spans.Count(span => span.Recorded);
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));
        var isAuthenticRecorded = spans.Last().Recorded;
        Account.Advance(TimeSpan.FromMinutes(1));
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"), key: "another"));

        Assert.That(ofFirstMinute, Is.InRange(10, 11));
        Assert.That((isAuthenticRecorded, spans.Last().Recorded), Is.EqualTo((true, true)));
    }

    [Test]
    public void Of_a_flood_of_forgeries_the_spans_around_them_are_not_kept_either()
    {
        using var request = new Activity("request") { ActivityTraceFlags = ActivityTraceFlags.Recorded };
        App.Run(async () =>
        {
            request.Start();
            for (var i = 0; i < 100; i++)
                await App.ReceiveAsync(SimulatedApp.Body("key"), key: "another");
        });

        Assert.That(request.Recorded, Is.False);
    }

    [Test]
    public void Of_what_bears_the_header_of_the_self_check_no_span_is_kept()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"), headers => headers[EndpointMark.Header] = "anything"));

        Assert.That((Tag(SpanTags.Reason), Span.Recorded), Is.EqualTo(("signature-missing", false)));
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
