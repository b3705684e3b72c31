using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Simulation.Queues;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>The pauses of the default schedule, with the least, the middle and the greatest jitter that chance may give.</summary>
internal sealed class RetryPauseTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
    ];

    private SimulatedAccount account = null!;

    [SetUp]
    public void Start() => account = new SimulatedAccount();

    [TestCase(0, 0.9)]
    [TestCase(0.5, 1)]
    [TestCase(1, 1.1)]
    public void Each_pause_is_a_tenth_shorter_or_longer_at_most(double chance, double share)
    {
        using var app = new SimulatedApp(account, configure: services => With(services, chance));
        app.Records.Failing["key"] = () => new HttpRequestException("away");
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));

        var seen = new List<TimeSpan>();
        foreach (var _ in Pauses)
        {
            var begun = account.Now;
            Assert.That(app.Deliver(), Is.True);
            seen.Add(app.Find("key")!.NotBefore!.Value - begun);
            EndPause(app);
        }

        Assert.That(seen, Is.EqualTo(Pauses.Select(pause => pause * share)).Within(Instant));
    }

    [TestCase(0, 1)]
    [TestCase(0.5, 1.05)]
    [TestCase(1, 1.1)]
    public void A_pause_that_a_handler_asks_for_is_up_to_a_tenth_longer_and_never_shorter(double chance, double share)
    {
        var asked = TimeSpan.FromMinutes(20);
        using var app = new SimulatedApp(account, configure: services => With(services, chance));
        app.Records.Failing["key"] = () => new TransientFailureException("busy", asked);
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));
        var begun = account.Now;

        app.Deliver();

        Assert.That(app.Find("key")!.NotBefore!.Value - begun, Is.EqualTo(asked * share).Within(Instant));
    }

    [Test]
    public void A_message_comes_in_the_first_whole_second_after_the_pause()
    {
        using var app = new SimulatedApp(account, configure: services => With(services, 0.3));
        app.Records.Failing["key"] = () => new HttpRequestException("away");
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));
        var begun = account.Now;

        app.Deliver();

        // 9.6 s: the service would leave out the rest, and the message would come before its time.
        Assert.That(app.Find("key")!.NotBefore, Is.EqualTo(begun + TimeSpan.FromSeconds(9.6)));
        Assert.That(Next().VisibleAt, Is.EqualTo(begun + TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_downstream_that_is_away_for_a_day_and_a_half_costs_nothing()
    {
        using var app = new SimulatedApp(account, configure: services => With(services, 0));
        var back = account.Now + TimeSpan.FromHours(36);
        app.Records.BeforeEach = (_, _) => account.Now < back ? throw new HttpRequestException("away") : Task.CompletedTask;
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));

        while (app.Deliver())
        {
            if (app.Find("key")!.State == EventState.Retrying)
                EndPause(app);
        }

        var completed = app.Find("key")!;
        Assert.That((completed.State, completed.Attempts), Is.EqualTo((EventState.Completed, 8)));
        Assert.That(completed.FinishedAt, Is.GreaterThanOrEqualTo(back));
        Assert.That(app.Records.Of("key"), Is.EqualTo(1));
    }

    [Test]
    public void A_second_message_does_not_start_the_next_attempt_before_its_time()
    {
        using var app = new SimulatedApp(account, configure: services => With(services, 0.5));
        app.Records.Failing["key"] = () => new HttpRequestException("away");
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));
        app.Deliver();
        app.Deliver();
        account.Advance(Next().VisibleAt - account.Now);
        app.Deliver();
        var retrying = app.Find("key")!;

        // The second pause is a minute.
        account.Advance(TimeSpan.FromSeconds(54));
        app.Run(() => app.ProcessAsync(new EventMessage(SimulatedApp.Type, "key", null)));

        Assert.That(app.Find("key")!.ETag, Is.EqualTo(retrying.ETag));
        Assert.That(Next().VisibleAt, Is.EqualTo(account.Now + TimeSpan.FromSeconds(6)), "the message of the attempt stays");
    }

    [Test]
    public void A_message_waits_for_as_long_as_it_takes_to_be_read()
    {
        using var app = new SimulatedApp(account, configure: services => With(services, 0.5));
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));

        account.Advance(TimeSpan.FromDays(60));

        Assert.That(app.Deliver(), Is.True, "a queue drops a message after seven days unless it is told not to");
        Assert.That(app.Find("key")!.State, Is.EqualTo(EventState.Completed));
    }

    // A short pause ends with its message, a long one with the relay.
    private void EndPause(SimulatedApp app)
    {
        if (account.Storage.Queues.Messages(QueueNames.ProvisioningStarted) is [var next])
        {
            account.Advance(next.VisibleAt - account.Now);
            return;
        }

        account.Advance(app.Find("key")!.NotBefore!.Value + TimeSpan.FromMinutes(1) - account.Now);
        app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None));
    }

    private SimulatedMessage Next() =>
        account.Storage.Queues.Messages(QueueNames.ProvisioningStarted).Single();

    private static void With(IServiceCollection services, double chance) => services
        .Replace(ServiceDescriptor.Singleton<Random>(new FixedRandom(chance)))
        .AddEventHandler<RecordingHandler>();
}
