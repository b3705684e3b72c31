using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>When things happen to an event, with the default values.</summary>
internal sealed class ScheduleTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    [Test]
    public void An_event_that_always_fails_has_nine_attempts_over_two_days_and_is_dead()
    {
        TimeSpan[] pauses =
        [
            TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
            TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
        ];
        App.Records.Failing["key"] = () => new HttpRequestException("downstream is away");
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));

        foreach (var (pause, attempt) in pauses.Select((pause, index) => (pause, index + 1)))
        {
            var begun = Account.Now;
            Assert.That(App.Deliver(), Is.True, $"attempt {attempt}");
            var found = App.Find("key")!;
            var isRelayed = pause > TimeSpan.FromMinutes(10);
            var message = Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted).SingleOrDefault();

            Assert.That((found.State, found.Attempts), Is.EqualTo((EventState.Retrying, attempt)));
            Assert.That(found.NotBefore - begun, Is.EqualTo(pause).Within(pause * 0.1), $"attempt {attempt}");
            Assert.That(message is null, Is.EqualTo(isRelayed), "hours of waiting are no work for the host's scaling");
            Assert.That(App.Deliver(), Is.False, "nothing is visible before its time");
            Assert.That(SentBySweep(), Is.Zero, "nor does the relay send it before");
            if (message is not null)
                Assert.That(message.VisibleAt, Is.InRange(found.NotBefore!, found.NotBefore! + TimeSpan.FromSeconds(1)));
            Account.Advance((isRelayed ? found.NotBefore!.Value + TimeSpan.FromMinutes(1) : message!.VisibleAt) - Account.Now);
            Assert.That(SentBySweep(), Is.EqualTo(isRelayed ? 1 : 0));
        }

        Assert.That(App.Deliver(), Is.True);
        var dead = App.Find("key")!;
        Assert.That((dead.State, dead.Attempts, dead.FinishedAt), Is.EqualTo((EventState.Dead, 9, (DateTimeOffset?)Account.Now)));
        Assert.That(dead.LastError, Is.EqualTo("RecordingHandler: downstream is away"));
        Assert.That(App.Measured.Sum("point.events.retried"), Is.EqualTo(8));
        Assert.That(App.Measured.Sum("point.events.died"), Is.EqualTo(1));
        Assert.That(App.Measured.Sum("point.events.relayed"), Is.Zero, "none was overdue");
        Assert.That(Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Is.Empty);
    }

    [Test]
    public void The_relay_sends_what_was_not_picked_up_for_two_minutes_and_not_an_instant_before()
    {
        App.Insert("key");
        Account.Advance(EventLedger.PickUpTime - Instant);
        Assert.That(SentBySweep(), Is.Zero);

        Account.Advance(Instant);

        Assert.That(SentBySweep(), Is.EqualTo(1));
        Account.Advance(EventRelay.MessageInterval - Instant);
        Assert.That(SentBySweep(), Is.Zero, "at most one message an hour");
        Account.Advance(Instant);
        Assert.That(SentBySweep(), Is.EqualTo(1));
    }

    [Test]
    public void The_relay_sends_a_retry_two_minutes_after_its_time_and_not_an_instant_before()
    {
        App.Run(() => App.Claimed("key").RetryAsync("error", TimeSpan.FromHours(2)));
        Account.Advance(TimeSpan.FromHours(2) + EventLedger.PickUpTime - Instant);
        Assert.That(SentBySweep(), Is.Zero);

        Account.Advance(Instant);

        Assert.That(SentBySweep(), Is.EqualTo(1));
    }

    [Test]
    public void The_relay_fails_the_attempt_of_a_processor_that_is_gone_and_of_no_other()
    {
        using var gone = new SimulatedApp(Account);
        gone.Claimed("gone");
        App.Claimed("at work");
        gone.Process.Kill();
        Account.Advance(EventLedger.PickUpTime - Instant);
        SentBySweep();
        Assert.That(App.Find("gone")!.State, Is.EqualTo(EventState.Processing), "it is not overdue");

        Account.Advance(Instant);
        SentBySweep();

        Assert.That(App.Find("gone"), Has.Property("State").EqualTo(EventState.Retrying).And.Property("Attempts").EqualTo(1));
        Assert.That(App.Find("gone")!.LastError, Is.EqualTo(FailedAttempts.InstanceGone));
        Assert.That(App.Find("at work"), Has.Property("State").EqualTo(EventState.Processing).And.Property("Attempts").Zero);
    }

    [Test]
    public void A_message_that_is_lost_while_the_queue_hangs_costs_two_minutes_and_not_an_hour()
    {
        // The attempt fails just before a renewal, and the send of the next message lasts beyond it.
        App.Records.BeforeEach = (_, token) => Task.Delay(TimeSpan.FromSeconds(19), App.Time, token);
        App.Records.Failing["key"] = () => new HttpRequestException("downstream is away");
        App.Insert("key");
        App.Faults = call => call.Operation == StorageOperation.SendMessage ? Fault.Hangs : Fault.None;
        App.Run(() => App.ProcessAsync(new EventMessage(SimulatedApp.Type, "key", null)));
        App.Faults = _ => Fault.None;
        var due = App.Find("key")!.NotBefore!.Value;

        Account.Advance(due + EventLedger.PickUpTime - Account.Now);

        Assert.That(SentBySweep(), Is.EqualTo(1));
        Assert.That(App.Find("key")!.NotBefore, Is.EqualTo(due));
    }

    private int SentBySweep()
    {
        var before = Account.Storage.Calls.Of(StorageOperation.SendMessage);
        App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));
        return Account.Storage.Calls.Of(StorageOperation.SendMessage) - before;
    }
}
