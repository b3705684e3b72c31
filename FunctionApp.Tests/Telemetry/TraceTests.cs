using System.Diagnostics;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>The spans of the app, as an exporter is given them.</summary>
[NonParallelizable]
internal sealed class TraceTests
{
    private Story story = null!;
    private Observed observed = null!;

    [OneTimeSetUp]
    public async Task ListenAsync()
    {
        story = await Story.ToldAsync();
        observed = story.Observed;
    }

    [Test]
    public void A_webhook_is_one_trace_from_its_request_to_its_handlers()
    {
        var receive = observed.Of("receive webhook", story.Plain).Single();
        var process = observed.Of("process event", story.Plain).Single();
        var invocation = Parent(receive);
        var request = Parent(invocation);
        var handlers = observed.Spans.Where(span => span.ParentSpanId == process.SpanId).ToList();

        Assert.That(Described(request), Is.EqualTo("POST /api/webhooks/point Server PointWebhooks.LocalHost"));
        Assert.That(Described(invocation), Is.EqualTo("function ReceiveWebhook Internal Microsoft.Azure.Functions.Worker"));
        Assert.That(Described(receive), Is.EqualTo("receive webhook Internal PointWebhooks"));
        Assert.That(Described(process), Is.EqualTo("process event Consumer PointWebhooks"));
        Assert.That(process.ParentSpanId, Is.EqualTo(receive.SpanId));
        Assert.That(handlers.Select(Described), Has.Exactly(2).EqualTo("handle event Internal PointWebhooks").And.Exactly(2).Items);
        Assert.That(
            handlers.Select(span => span.GetTagItem("point.handler")), Is.EqualTo(["LogEventHandler", "RecordingHandler"]));
        Assert.That(
            handlers.Append(process).Append(invocation).Append(request).Select(span => span.TraceId), Is.All.EqualTo(receive.TraceId));
    }

    [Test]
    public void Processing_links_to_the_invocation_it_runs_under()
    {
        var process = observed.Of("process event", story.Plain).Single();
        var linked = observed.Spans.Single(span => span.SpanId == process.Links.Single().Context.SpanId);
        Assert.That(Described(linked), Is.EqualTo("function ProcessProvisioningCompleted Internal Microsoft.Azure.Functions.Worker"));
        Assert.That(linked.TraceId, Is.Not.EqualTo(process.TraceId), "the queue trigger starts a trace of its own");
    }

    [Test]
    public void An_event_without_a_trace_is_processed_in_that_of_its_invocation()
    {
        var again = observed.Of("process event", story.Doubled).Single(span => Outcome(span) == "nothing-to-do");
        Assert.That(Described(Parent(again)), Does.StartWith("function ProcessProvisioningStarted"));
        Assert.That(again.Links, Is.Empty);
    }

    [Test]
    public void A_span_says_how_it_ended()
    {
        Assert.That(Outcome(observed.Of("receive webhook", story.Plain).Single()), Is.EqualTo("accepted"));
        Assert.That(Outcome(observed.Of("process event", story.Plain).Single()), Is.EqualTo("completed"));
        Assert.That(observed.Of("receive webhook", story.Doubled).Select(Outcome), Is.EqualTo(["accepted", "duplicate"]));
        Assert.That(observed.Of("process event", story.Plain).Single().GetTagItem("point.event.type"), Is.EqualTo("ProvisioningCompleted"));
        Assert.That(observed.Spans.Select(span => span.Status).Distinct(), Has.None.EqualTo(ActivityStatusCode.Ok));
    }

    [Test]
    public void A_refusal_has_its_reason_and_nothing_of_what_was_not_authentic()
    {
        var refused = observed.Spans.Single(span => "refused".Equals(span.GetTagItem("point.outcome")));
        Assert.That(refused.TagObjects.Select(tag => tag.Key), Is.EquivalentTo(["point.outcome", "point.reason"]));
        Assert.That(refused.GetTagItem("point.reason"), Is.EqualTo("signature-mismatch"));
        Assert.That(refused.Status, Is.EqualTo(ActivityStatusCode.Unset), "a forgery is not a failure of this app");
        Assert.That(Parent(Parent(refused)).GetTagItem("http.response.status_code"), Is.EqualTo(401));
    }

    [Test]
    public void A_handler_that_fails_is_an_error_of_its_span_and_of_the_processing()
    {
        var process = observed.Of("process event", story.Failing)[0];
        var dead = observed.Of("process event", story.Dying).Single();
        var log = HandlerOf(process, "LogEventHandler");
        var recording = HandlerOf(process, "RecordingHandler");
        Assert.That((Outcome(process), process.Status), Is.EqualTo(("retrying", ActivityStatusCode.Error)));
        Assert.That((Outcome(log), log.Status), Is.EqualTo(("done", ActivityStatusCode.Unset)));
        Assert.That((Outcome(recording), recording.Status), Is.EqualTo(("failed", ActivityStatusCode.Error)));
        Assert.That((Outcome(dead), dead.Status), Is.EqualTo(("dead", ActivityStatusCode.Error)));
        Assert.That(recording.GetTagItem("error.type"), Is.EqualTo("System.InvalidOperationException"));
    }

    [Test]
    public void Another_attempt_stands_in_the_trace_of_the_webhook_too()
    {
        var receive = observed.Of("receive webhook", story.Failing).Single();
        var attempts = observed.Of("process event", story.Failing);
        Assert.That(attempts.Select(Outcome), Is.EqualTo(["retrying", "completed"]));
        Assert.That(attempts.Select(span => (span.TraceId, span.ParentSpanId)), Is.All.EqualTo((receive.TraceId, receive.SpanId)));
        Assert.That(attempts.Select(span => span.Links.Single().Context.SpanId), Is.Unique, "each runs under an invocation of its own");
    }

    [Test]
    public void A_refusal_that_is_the_fault_of_the_app_is_an_error()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PointActivity.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var span = PointActivity.StartReceiving();
        PointActivity.SetRefused("storage-unavailable", isError: true);
        Assert.That((Outcome(span!), span!.Status), Is.EqualTo(("refused", ActivityStatusCode.Error)));
    }

    [TestCase(SpanOutcome.Refused, false)]
    [TestCase(SpanOutcome.Completed, false)]
    [TestCase(SpanOutcome.Retrying, true)]
    [TestCase(SpanOutcome.Dead, true)]
    [TestCase(SpanOutcome.Waiting, false)]
    [TestCase(SpanOutcome.Released, false)]
    [TestCase(SpanOutcome.LeaseLost, true)]
    [TestCase(SpanOutcome.NothingToDo, false)]
    [TestCase(SpanOutcome.Unknown, true)]
    [TestCase(SpanOutcome.Done, false)]
    [TestCase(SpanOutcome.Cancelled, false)]
    [TestCase(SpanOutcome.Failed, true)]
    public void An_end_is_an_error_where_something_went_wrong(string outcome, bool isError) =>
        Assert.That(SpanOutcome.IsError(outcome), Is.EqualTo(isError));

    [Test]
    public void Looking_for_work_makes_no_span()
    {
        Assert.That(
            observed.Spans.Select(span => span.Source.Name).Distinct(),
            Is.EquivalentTo(["PointWebhooks", "PointWebhooks.LocalHost", "Microsoft.Azure.Functions.Worker"]));
        // Not the timers, which may run meanwhile.
        var ofQueues = FunctionDescriptor.All.Where(function => function.Trigger is QueueTrigger).Select(function => $"function {function.Name}");
        var invocations = observed.Spans.Count(span => ofQueues.Contains(span.OperationName));
        var processings = observed.Spans.Count(span => span.OperationName == "process event");
        Assert.That(invocations, Is.EqualTo(processings), "each processed message, and nothing else, is a span");
    }

    private Activity Parent(Activity span) => observed.Spans.Single(other => other.SpanId == span.ParentSpanId);

    private Activity HandlerOf(Activity process, string handler) =>
        observed.Spans.Single(span => span.ParentSpanId == process.SpanId && handler.Equals(span.GetTagItem("point.handler")));

    private static string Described(Activity span) => $"{span.OperationName} {span.Kind} {span.Source.Name}";

    private static string? Outcome(Activity span) => span.GetTagItem("point.outcome") as string;
}
