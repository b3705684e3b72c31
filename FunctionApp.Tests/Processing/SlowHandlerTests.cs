using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>Handlers that take long, longer than their lease, or longer than they are allowed to, with the default times.</summary>
internal sealed class SlowHandlerTests() : SimulatedAppTests(services => services
    .AddEventHandler<RecordingHandler>("Slow").AddEventHandler<RecordingHandler>("Next"))
{
    private static readonly EventMessage Message = new(SimulatedApp.Type, "key", null);

    private DateTimeOffset? told;
    private int begun;

    [SetUp]
    public void Forget()
    {
        (told, begun) = (null, 0);
        App.Insert("key");
    }

    [Test]
    public void A_handler_that_takes_half_an_hour_is_left_alone_and_nobody_else_runs_it()
    {
        App.Records.BeforeEach = async (_, token) =>
        {
            begun++;
            await Task.Delay(TimeSpan.FromMinutes(30), App.Time, token);
        };
        var processing = Begin();
        using var other = new SimulatedApp(Account, configure: services => services.AddEventHandler<RecordingHandler>("Slow"));

        // Two handlers, one after the other.
        for (var step = 0; step < 14; step++)
        {
            Account.Advance(TimeSpan.FromMinutes(4.25));
            other.Run(() => other.ProcessAsync(Message));
            other.Run(() => other.Get<EventRelay>().SweepAsync(CancellationToken.None));
        }

        App.End(processing);
        Assert.That(App.Find("key"), Has.Property("State").EqualTo(EventState.Completed).And.Property("Attempts").Zero);
        Assert.That((begun, other.Records.Of("key")), Is.EqualTo((2, 0)));
    }

    [Test]
    public void A_handler_whose_event_another_instance_has_taken_is_told_at_the_next_renewal_and_changes_nothing()
    {
        App.Records.BeforeEach = (_, token) => WaitAsync(token);
        var processing = Begin();
        Account.Advance(TimeSpan.FromSeconds(5));
        TakeOver();
        var after = App.Find("key")!;

        App.End(processing);

        Assert.That(told - after.History[0].At, Is.EqualTo(EventLedger.LeaseTime / 3));
        Assert.That(App.Find("key")!.ETag, Is.EqualTo(after.ETag));
        Assert.That((after.State, after.Attempts), Is.EqualTo((EventState.Retrying, 1)), "the other has charged the attempt");
        Assert.That(App.LogOf(19), Has.Count.EqualTo(1));
        Assert.That(begun, Is.EqualTo(2), "each once");
    }

    [Test]
    public void A_handler_that_does_not_listen_and_finishes_after_its_lease_is_lost_is_not_on_record()
    {
        App.Records.BeforeEach = (_, _) =>
        {
            begun++;
            return Task.Delay(TimeSpan.FromMinutes(5), App.Time, CancellationToken.None);
        };
        var processing = Begin();
        Account.Advance(TimeSpan.FromSeconds(5));
        TakeOver();
        var after = App.Find("key")!;

        App.End(processing);

        Assert.That(App.Find("key")!.ETag, Is.EqualTo(after.ETag));
        Assert.That(after.Done, Is.EqualTo(["LogEventHandler"]));
        Assert.That(begun, Is.EqualTo(2), "each once");
        Assert.That(App.LogOf(11), Is.Empty, "no failure of the handler's own");
    }

    [Test]
    public void A_handler_that_gives_up_because_it_was_told_to_stop_has_not_given_up()
    {
        App.Records.BeforeEach = async (_, token) =>
        {
            try
            {
                await WaitAsync(token);
            }
            catch (OperationCanceledException)
            {
                throw new PermanentFailureException("stopped");
            }
        };
        using var stopping = new CancellationTokenSource();
        var processing = Begin(stopping.Token);
        Account.Advance(TimeSpan.FromMinutes(2));

        App.Cancel(stopping);

        Assert.That(() => App.End(processing), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(
            App.Find("key"), Has.Property("State").EqualTo(EventState.Received).And.Property("GivenUp").Empty.And.Property("LastError").Null);
        Assert.That(App.Measured.Sum("point.handler.failures"), Is.Zero);
    }

    [Test]
    public void A_shutdown_in_a_later_attempt_leaves_the_attempts_that_failed_and_is_due_at_once()
    {
        App.Records.Failing["key"] = () => new HttpRequestException("away");
        App.Run(() => App.ProcessAsync(Message));
        Account.Advance(TimeSpan.FromSeconds(12));
        App.Records.BeforeEach = (_, token) => WaitAsync(token);
        using var stopping = new CancellationTokenSource();
        var processing = Begin(stopping.Token);
        Account.Advance(TimeSpan.FromSeconds(1));

        App.Cancel(stopping);

        Assert.That(() => App.End(processing), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(App.Find("key"), Has.Property("State").EqualTo(EventState.Retrying).And.Property("Attempts").EqualTo(1));
        Assert.That(App.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Claimed), "another instance takes it up at once");
    }

    [Test]
    public void What_a_handler_did_is_recorded_though_storage_is_away_for_most_of_the_lease()
    {
        var back = Account.Now + TimeSpan.FromSeconds(45);
        App.Records.BeforeEach = (_, _) =>
        {
            begun++;
            App.Faults = _ => Account.Now < back ? Simulation.Calls.Fault.Unavailable : Simulation.Calls.Fault.None;
            return Task.CompletedTask;
        };

        App.Run(() => App.ProcessAsync(Message));

        Assert.That(App.LogOf(11), Is.Empty);
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Completed), "or the effects would be repeated");
        Assert.That((begun, App.Records.Of("key")), Is.EqualTo((2, 2)));
    }

    // As an instance does that finds the lease over, by whatever clock.
    private void TakeOver()
    {
        Account.Edit(EventId.Of(SimulatedApp.Type, "key").Row, row => row["LeaseUntil"] = Account.Now);
        using var other = new SimulatedApp(Account);
        other.Run(() => other.ProcessAsync(Message));
    }

    private async Task WaitAsync(CancellationToken token)
    {
        begun++;
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, App.Time, token);
        }
        finally
        {
            told = Account.Now;
        }
    }

    private Task<bool> Begin(CancellationToken stopping = default) => App.Begin(async () =>
    {
        await App.ProcessAsync(Message, stopping);
        return true;
    });
}
