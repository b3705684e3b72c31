using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>The handlers of one event run side by side, each for itself.</summary>
internal sealed class SideBySideTests
{
    private SimulatedAccount account = null!;

    [SetUp]
    public void Start() => account = new SimulatedAccount();

    [Test]
    public void They_take_the_time_of_the_slowest()
    {
        using var app = new SimulatedApp(account, configure: services => services
            .AddSingleton(new Pauses(TimeSpan.FromSeconds(20))).AddEventHandler<SlowHandler>("A").AddEventHandler<SlowHandler>("B")
            .AddEventHandler<SlowHandler>("C"));
        app.Insert("key");

        var (_, taken) = app.Timed(async () =>
        {
            await app.ProcessAsync(new Queues.EventMessage(SimulatedApp.Type, "key", null));
            return true;
        });

        Assert.That(taken, Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(app.Find("key")!.Done, Is.EquivalentTo(new[] { "LogEventHandler", "A", "B", "C" }));
    }

    [Test]
    public void One_that_fails_stops_none_and_only_it_runs_again()
    {
        using var app = new SimulatedApp(account, configure: services => services
            .AddSingleton(new Pauses(TimeSpan.FromSeconds(5))).AddEventHandler<RecordingHandler>().AddEventHandler<SlowHandler>());
        var failures = 1;
        app.Records.Failing["key"] = () => failures-- > 0 ? new HttpRequestException("away") : null;
        app.Insert("key");

        app.Run(() => app.ProcessAsync(new Queues.EventMessage(SimulatedApp.Type, "key", null)));
        var first = app.Find("key")!;
        account.Advance(TimeSpan.FromSeconds(12));
        app.Run(() => app.ProcessAsync(new Queues.EventMessage(SimulatedApp.Type, "key", null)));

        Assert.That((first.State, first.Attempts), Is.EqualTo((EventState.Retrying, 1)));
        Assert.That(first.Done, Is.EquivalentTo(new[] { "LogEventHandler", "SlowHandler" }));
        Assert.That(app.Find("key")!.State, Is.EqualTo(EventState.Completed));
        Assert.That(app.Get<Pauses>().Runs, Is.EqualTo(1));
        Assert.That(app.Records.Of("key"), Is.EqualTo(1));
    }

    [Test]
    public void Each_has_services_of_its_own_which_end_with_it()
    {
        var made = new List<Scoped>();
        using var app = new SimulatedApp(account, configure: services => services
            .AddSingleton(made).AddScoped<Scoped>().AddEventHandler<ScopedHandler>("A").AddEventHandler<ScopedHandler>("B"));
        app.Insert("key");

        app.Run(() => app.ProcessAsync(new Queues.EventMessage(SimulatedApp.Type, "key", null)));

        Assert.That(made.Select(one => one.IsDisposed), Is.EqualTo([true, true]));
    }

    [Test]
    public void What_a_handler_reports_stands_in_the_history_of_the_event()
    {
        using var app = new SimulatedApp(account, configure: services => services
            .AddEventHandler<ReportingHandler>().AddEventHandler<RecordingHandler>());
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));
        app.Deliver();

        var reported = app.Find("key")!.History.Single(entry => entry.Link is not null);
        Assert.That((reported.Detail, reported.Link), Is.EqualTo(("ReportingHandler: Opened IT-12", "https://contoso.example/browse/IT-12")));
        Assert.That(app.Find("key")!.History.Select(entry => entry.Detail), Does.Contain("RecordingHandler"));
    }

    [Test]
    public void A_report_does_not_outgrow_the_row()
    {
        using var app = new SimulatedApp(account);
        var lease = app.Claimed("key");

        app.Run(() => lease.RecordDoneAsync("A", new string('x', 10_000), new Uri($"https://contoso.example/{new string('y', 10_000)}")));
        app.Run(lease.CompleteAsync);

        var entry = app.Find("key")!.History.Single(entry => entry.Detail?.StartsWith("A: ", StringComparison.Ordinal) == true);
        Assert.That((entry.Detail!.Length, entry.Link), Is.EqualTo((501, (string?)null)));
    }

    [TestCase(5, 10)]
    [TestCase(600, 600)]
    [TestCase(86_400, 21_600)]
    public void The_next_attempt_waits_for_as_long_as_was_asked_for_within_bounds(int asked, int least)
    {
        using var app = new SimulatedApp(account, configure: services => services.AddEventHandler<RecordingHandler>());
        app.Records.Failing["key"] = () => new TransientFailureException("429", TimeSpan.FromSeconds(asked));
        app.Insert("key");

        app.Run(() => app.ProcessAsync(new Queues.EventMessage(SimulatedApp.Type, "key", null)));

        var pause = app.Find("key")!.NotBefore!.Value - account.Now;
        Assert.That(pause.TotalSeconds, Is.InRange(least == 10 ? 9 : least, least * 1.1));
    }

    [Test]
    public void A_handler_with_limits_is_left_alone_when_it_fails_and_then_tried_again()
    {
        using var app = new SimulatedApp(account, configure: services => services.AddEventHandler<RecordingHandler>(limits: new HandlerLimits()));
        var isAway = true;
        for (var i = 0; i < 8; i++)
        {
            var key = $"key {i}";
            app.Records.Failing[key] = () => isAway ? new HttpRequestException("away") : null;
            app.Insert(key);
            app.Run(() => app.ProcessAsync(new Queues.EventMessage(SimulatedApp.Type, key, null)));
        }

        isAway = false;
        account.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 8; i++)
            app.Run(() => app.ProcessAsync(new Queues.EventMessage(SimulatedApp.Type, $"key {i}", null)));

        Assert.That(app.Find("key 4")!.LastError, Is.EqualTo("RecordingHandler: away"));
        Assert.That(app.Find("key 5")!.LastError, Is.EqualTo("RecordingHandler: Not called, because most of the last calls failed; the next may be made in 30 s."));
        Assert.That(Enumerable.Range(0, 8).Select(i => app.Find($"key {i}")!.State), Is.All.EqualTo(EventState.Completed));
        Assert.That((app.Logged(21), app.Logged(22)), Is.EqualTo((1, 1)));
    }

    private sealed class Pauses(TimeSpan pause)
    {
        public TimeSpan Pause => pause;

        public int Runs { get; set; }
    }

    private sealed class SlowHandler(Pauses pauses, TimeProvider time) : IEventHandler<PointEvent>
    {
        public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
        {
            await Task.Delay(pauses.Pause, time, cancellationToken);
            pauses.Runs++;
        }
    }

    private sealed class Scoped : IDisposable
    {
        public Scoped(List<Scoped> made) => made.Add(this);

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class ScopedHandler(Scoped scoped) : IEventHandler<PointEvent>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
        {
            Assert.That(scoped.IsDisposed, Is.False);
            return Task.CompletedTask;
        }
    }

    private sealed class ReportingHandler : IEventHandler<PointEvent>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
        {
            context.Report("Opened IT-12", new Uri("https://contoso.example/browse/IT-12"));
            return Task.CompletedTask;
        }
    }
}
