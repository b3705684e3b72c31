using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>A shutdown cancels an invocation wherever it is: that is no attempt, and no write is left in doubt.</summary>
internal sealed class ShutdownTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly EventMessage Message = new(SimulatedApp.Type, "key", null);

    [Test]
    public void A_claim_under_way_is_written_and_given_back_without_an_attempt([Values] bool carriesTheEvent)
    {
        var message = carriesTheEvent ? Received() : Inserted();
        // The claim is on its way when the invocation is cancelled.
        App.Faults = call => call.Operation == StorageOperation.MergeEntity ? Fault.None with { Delay = Slow } : Fault.None;
        using var cancelled = new CancellationTokenSource();
        var processing = Begin(message, cancelled.Token);
        Account.Advance(Slow / 2);
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received), "the claim has not arrived yet");

        App.Cancel(cancelled);

        Assert.That(() => App.End(processing), Throws.InstanceOf<OperationCanceledException>(), "the host keeps the message");
        IsUntouched();
        Assert.That(App.Records.Of("key"), Is.Zero);
    }

    [Test]
    public void A_handler_that_stops_when_it_is_told_is_no_attempt([Values] bool throwsItsOwn)
    {
        var message = Inserted();
        App.Records.BeforeEach = async (_, token) =>
        {
            try
            {
                await Task.Delay(TimeSpan.FromMinutes(10), App.Time, token);
            }
            catch (OperationCanceledException) when (throwsItsOwn)
            {
                throw new InvalidOperationException("stopped in the midst");
            }
        };
        using var cancelled = new CancellationTokenSource();
        var processing = Begin(message, cancelled.Token);
        Account.Advance(TimeSpan.FromMinutes(3));

        App.Cancel(cancelled);

        Assert.That(() => App.End(processing), Throws.InstanceOf<OperationCanceledException>());
        IsUntouched();
        Assert.That(App.Find("key")!.Done, Is.EqualTo(["LogEventHandler"]), "what has finished is recorded");
    }

    [Test]
    public void A_handler_that_finishes_although_it_is_told_to_stop_is_recorded()
    {
        var message = Inserted();
        App.Records.BeforeEach = (_, _) => Task.Delay(TimeSpan.FromSeconds(20), App.Time, CancellationToken.None);
        using var cancelled = new CancellationTokenSource();
        var processing = Begin(message, cancelled.Token);
        Account.Advance(TimeSpan.FromSeconds(5));

        App.Cancel(cancelled);
        App.End(processing);

        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Completed));
        Assert.That(App.Records.Of("key"), Is.EqualTo(1));
    }

    [Test]
    public void A_lease_that_is_lost_before_it_is_given_back_is_no_failure_of_its_own()
    {
        var message = Inserted();
        App.Records.BeforeEach = (_, token) => Task.Delay(TimeSpan.FromMinutes(10), App.Time, token);
        using var cancelled = new CancellationTokenSource();
        var processing = Begin(message, cancelled.Token);
        Account.Advance(TimeSpan.FromSeconds(5));
        Account.Edit(new RowAddress(message.Id.Partition, message.Id.Value), row => row[nameof(LedgerEvent.LeaseOwner)] = "another");

        App.Cancel(cancelled);

        Assert.That(() => App.End(processing), Throws.InstanceOf<OperationCanceledException>(), "the host keeps the message");
        Assert.That(App.Find("key")!.LeaseOwner, Is.EqualTo("another"));
    }

    [Test]
    public void An_invocation_that_is_cancelled_before_its_claim_leaves_the_event_as_it_is()
    {
        var message = Inserted();

        Assert.That(
            () => App.End(Begin(message, new CancellationToken(canceled: true))), Throws.InstanceOf<OperationCanceledException>());

        IsUntouched();
    }

    private Task<bool> Begin(EventMessage message, CancellationToken cancelled) => App.Begin(async () =>
    {
        await App.ProcessAsync(message, cancelled);
        return true;
    });

    private EventMessage Inserted()
    {
        App.Insert("key");
        return Message;
    }

    private EventMessage Received()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));
        var text = Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted).Single().Text;
        return EventMessage.Parse(new BinaryData(Convert.FromBase64String(text)));
    }

    private void IsUntouched()
    {
        var found = App.Find("key")!;
        Assert.That(
            (found.State, found.Attempts, found.LeaseUntil, found.LeaseOwner),
            Is.EqualTo((EventState.Received, 0, default(DateTimeOffset?), default(string))));
        Assert.That(App.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Claimed), "another instance takes it up at once");
    }
}
