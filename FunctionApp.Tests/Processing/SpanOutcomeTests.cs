using System.Collections.Concurrent;
using System.Diagnostics;
using PointWebhooks.Handlers;
using PointWebhooks.Queues;
using PointWebhooks.Telemetry;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What the span of a message says of its end.</summary>
[NonParallelizable]
internal sealed class SpanOutcomeTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    private readonly ConcurrentQueue<string?> outcomes = [];
    private ActivityListener listener = null!;

    [SetUp]
    public void Listen()
    {
        outcomes.Clear();
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PointActivity.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
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
                Account.Edit(EventId.Of(SimulatedApp.Type, "key").Row, _ => { });
            stopping.Cancel();
            throw new OperationCanceledException(token);
        };

        Assert.That(() => Process("key", stopping.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(outcomes, Is.EqualTo([expected]));
    }

    private void Process(string key, CancellationToken stopping = default) =>
        App.Run(() => App.ProcessAsync(new EventMessage(SimulatedApp.Type, key, null), stopping));
}
