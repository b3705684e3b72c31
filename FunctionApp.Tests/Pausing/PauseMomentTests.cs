using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Pausing;

/// <summary>A pause that comes while something is under way.</summary>
internal sealed class PauseMomentTests() : PausingTests(
    services => services.AddEventHandler<RecordingHandler>(First, new HandlerLimits(Concurrency: 1)))
{
    private static readonly TimeSpan Takes = TimeSpan.FromSeconds(40);

    [SetUp]
    public void TakeLong() => App.Records.BeforeEach = async (_, _) => await Task.Delay(Takes, App.Time, CancellationToken.None);

    [Test]
    public void What_runs_is_finished_and_what_waits_for_its_turn_does_not_begin()
    {
        var (one, two) = (BeginProcessing("one"), BeginProcessing("two"));
        Account.Advance(TimeSpan.FromSeconds(5));

        Pause(First);
        App.End(one);
        App.End(two);

        Assert.That((App.Find("one")!.State, App.Records.Of("one")), Is.EqualTo((EventState.Completed, 1)));
        Assert.That((App.Find("two")!.WaitsFor, App.Find("two")!.Attempts, App.Records.Of("two")), Is.EqualTo((new[] { First }, 0, 0)));
        Assert.That(App.Get<HandlerGates>().HealthOf(App.Get<IEnumerable<HandlerRegistration>>().Last()), Is.EqualTo(new HandlerHealth(First, 1, 0, "closed")));
        Resume(First);
        SweepAndProcess("two");
        Assert.That((App.Find("two")!.State, App.Records.Of("two")), Is.EqualTo((EventState.Completed, 1)));
    }

    [Test]
    public void A_run_that_is_cut_off_while_it_is_paused_is_a_failed_attempt_and_then_it_waits()
    {
        using var gone = new SimulatedApp(Account);
        gone.Claimed("key");
        gone.Process.Kill();
        Pause(First);
        Account.Advance(EventLedger.PickUpTime);
        Sweep();
        Assert.That((App.Find("key")!.State, App.Find("key")!.Attempts), Is.EqualTo((EventState.Retrying, 1)), "the instance is gone");
        Account.Advance(TimeSpan.FromSeconds(20));
        Deliver();
        Assert.That((App.Find("key")!.State, App.Find("key")!.Attempts, App.Find("key")!.WaitsFor), Is.EqualTo((EventState.Retrying, 1, new[] { First })));
        Resume(First);
        Assert.That((SweepAndProcess("key").State, App.Records.Of("key")), Is.EqualTo((EventState.Completed, 1)));
    }

    [Test]
    public void An_event_that_is_given_back_at_a_shutdown_goes_on_waiting()
    {
        Pause(First);
        Process("key");
        App.Run(() => App.Claim("key").Lease!.ReleaseAsync());
        Assert.That((App.Find("key")!.WaitsFor, App.Find("key")!.Attempts), Is.EqualTo((new[] { First }, 0)));
        Resume(First);
        Assert.That((SweepAndProcess("key").State, App.Records.Of("key")), Is.EqualTo((EventState.Completed, 1)));
    }

    [Test]
    public void Paused_again_before_its_message_is_worked_off_it_waits_again()
    {
        Pause(First);
        Process("key");
        Resume(First);
        Account.Advance(TimeSpan.FromMinutes(1));
        Sweep();
        Pause(First);
        Deliver();
        Assert.That((App.Find("key")!.WaitsFor, App.Records.Of("key"), Sent), Is.EqualTo((new[] { First }, 0, 2)));
        Pass(TimeSpan.FromHours(3));
        Assert.That(Sent, Is.EqualTo(2));
    }

    [Test]
    public void Resumed_before_the_claim_it_runs_at_once()
    {
        Pause(First);
        Receive("key");
        Resume(First);
        Deliver();
        Assert.That((App.Find("key")!.State, Sent), Is.EqualTo((EventState.Completed, 1)));
    }

    private Task<bool> BeginProcessing(string key)
    {
        App.Insert(key);
        return App.Begin(async () =>
        {
            await App.ProcessAsync(new EventMessage(SimulatedApp.Type, key, null));
            return true;
        });
    }
}
