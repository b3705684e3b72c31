using System.Collections.Concurrent;
using System.Diagnostics;
using PointWebhooks.Handlers;
using PointWebhooks.Operations;
using PointWebhooks.Queues;
using PointWebhooks.Telemetry;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What the span of a message says of its end.</summary>
[NonParallelizable]
internal sealed class SpanOutcomeTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    private readonly ConcurrentQueue<Activity> spans = [];
    private readonly ConcurrentQueue<string?> outcomes = [];
    private ActivityListener listener = null!;

    private ActivityStatusCode Status => spans.Single(span => span.OperationName == SpanNames.Process).Status;

    // Of the handler that writes down.
    private IEnumerable<(string? Outcome, ActivityStatusCode Status, string? Error)> Runs =>
        spans.Where(span => span.GetTagItem(SpanTags.Handler) is nameof(RecordingHandler)).Select(span => (
            span.GetTagItem(SpanTags.Outcome) as string, span.Status, span.GetTagItem(SpanTags.ErrorType) as string));

    [SetUp]
    public void Listen()
    {
        spans.Clear();
        outcomes.Clear();
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PointActivity.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                spans.Enqueue(span);
                if (span.OperationName == SpanNames.Process)
                    outcomes.Enqueue(span.GetTagItem(SpanTags.Outcome) as string);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    [TearDown]
    public void StopListening() => listener.Dispose();

    [Test]
    public void An_event_is_completed_once_and_then_there_is_nothing_to_do()
    {
        App.Insert("key");

        Process("key");
        Process("key");

        Assert.That(outcomes, Is.EqualTo([SpanOutcome.Completed, SpanOutcome.NothingToDo]));
    }

    [Test]
    public void An_event_that_the_ledger_does_not_have_is_unknown()
    {
        Process("key");

        Assert.That(outcomes, Is.EqualTo([SpanOutcome.Unknown]));
    }

    [TestCase(false, SpanOutcome.Released)]
    [TestCase(true, SpanOutcome.LeaseLost)]
    public void A_shutdown_gives_the_event_back_unless_another_has_it(bool hasAnother, string expected)
    {
        using var stopping = new CancellationTokenSource();
        App.Insert("key");
        App.Records.BeforeEach = async (_, token) =>
        {
            // The other handler has finished, and is written.
            await Task.Delay(TimeSpan.FromSeconds(1), App.Time, token);
            if (hasAnother)
                Account.Edit(EventId.Of(SimulatedApp.Type, "key").Row, row => row["LeaseOwner"] = "another");
            stopping.Cancel();
            throw new OperationCanceledException(token);
        };

        Assert.That(() => Process("key", stopping.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(outcomes, Is.EqualTo([expected]));
    }

    [Test]
    public void A_handler_that_is_cancelled_by_something_of_its_own_has_failed()
    {
        App.Insert("key");
        App.Records.BeforeEach = (_, _) => throw new OperationCanceledException("The request timed out.");

        Process("key");

        Assert.That(outcomes, Is.EqualTo([SpanOutcome.Retrying]));
        Assert.That(Runs, Is.EqualTo([(SpanOutcome.Failed, ActivityStatusCode.Error, "System.OperationCanceledException")]));
    }

    [Test]
    public void An_event_whose_lease_is_lost_is_an_error_and_its_handler_was_told_to_stop()
    {
        App.Insert("key");
        App.Records.BeforeEach = (_, token) =>
        {
            App.Faults = _ => Fault.Unavailable;
            return Task.Delay(Timeout.InfiniteTimeSpan, App.Time, token);
        };

        Assert.That(() => Process("key"), Throws.InstanceOf<OperationCanceledException>());

        Assert.That((outcomes.Single(), Status), Is.EqualTo((SpanOutcome.LeaseLost, ActivityStatusCode.Error)));
        Assert.That(Runs, Is.EqualTo([(SpanOutcome.Cancelled, ActivityStatusCode.Unset, default(string))]));
    }

    [Test]
    public void An_event_whose_handler_is_paused_waits_and_that_is_no_error()
    {
        App.Insert("key");
        Pause(App);

        Process("key");

        Assert.That((outcomes.Single(), Status), Is.EqualTo((SpanOutcome.Waiting, ActivityStatusCode.Unset)));
        Assert.That(Runs, Is.Empty, "it did not begin");
    }

    [Test]
    public void A_handler_that_is_paused_when_its_turn_has_come_waits_and_the_one_that_runs_is_done()
    {
        using var app = new SimulatedApp(
            Account, configure: services => services.AddEventHandler<RecordingHandler>(limits: new HandlerLimits(Concurrency: 1)));
        app.Records.BeforeEach = (_, _) => Task.Delay(TimeSpan.FromSeconds(40), app.Time, CancellationToken.None);
        app.Insert("one");
        app.Insert("two");
        var begun = new[] { "one", "two" }.Select(key => app.Begin(async () =>
        {
            await app.ProcessAsync(new EventMessage(SimulatedApp.Type, key, null));
            return true;
        })).ToList();
        Account.Advance(TimeSpan.FromSeconds(5));

        Pause(app);
        begun.ForEach(one => app.End(one));

        Assert.That(Runs, Is.EquivalentTo(new[]
        {
            (SpanOutcome.Done, ActivityStatusCode.Unset, default(string)),
            (SpanOutcome.Waiting, ActivityStatusCode.Unset, default(string)),
        }));
    }

    private static void Pause(SimulatedApp app) =>
        app.Run(() => app.Get<HandlerOperations>().PauseAsync(nameof(RecordingHandler), null, CancellationToken.None));

    private void Process(string key, CancellationToken stopping = default) =>
        App.Run(() => App.ProcessAsync(new EventMessage(SimulatedApp.Type, key, null), stopping));
}
