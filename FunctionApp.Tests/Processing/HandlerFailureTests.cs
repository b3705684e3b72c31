using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>A handler that fails, in whatever way, fails alone.</summary>
internal sealed class HandlerFailureTests
{
    private SimulatedAccount account = null!;

    [SetUp]
    public void Start() => account = new SimulatedAccount();

    [Test]
    public void A_handler_that_cannot_be_made_fails_alone_and_says_why()
    {
        using var app = App(services => services.AddEventHandler<UnmakableHandler>().AddEventHandler<RecordingHandler>());

        var found = Processed(app);

        Assert.That((found.State, found.Attempts), Is.EqualTo((EventState.Retrying, 1)));
        Assert.That(found.LastError, Is.EqualTo("UnmakableHandler: Handlers:Jira:Url is missing."));
        Assert.That(found.Done, Is.EquivalentTo(new[] { "LogEventHandler", "RecordingHandler" }));
        Assert.That(app.Records.Of("key"), Is.EqualTo(1));
    }

    [Test]
    public void Two_handlers_of_one_name_are_an_error_at_the_start_that_says_what_to_do()
    {
        Assert.That(
            () => App(services => services.AddEventHandler<RecordingHandler>("Tickets").AddEventHandler<UnmakableHandler>("Tickets")),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Two handlers are named 'Tickets'. Give one of them another name: AddEventHandler<UnmakableHandler>(\"…\")."));
    }

    [Test]
    public void A_handler_that_times_out_by_itself_has_failed_an_attempt()
    {
        using var app = App(services => services.AddEventHandler<RecordingHandler>());
        app.Records.Failing["key"] = () => new TaskCanceledException("The request was canceled due to the configured timeout.");

        var found = Processed(app);

        Assert.That((found.State, found.Attempts), Is.EqualTo((EventState.Retrying, 1)));
        Assert.That(found.LastError, Is.EqualTo("RecordingHandler: The request was canceled due to the configured timeout."));
    }

    [Test]
    public void A_handler_that_gives_up_fails_alone_and_the_event_dies_when_the_others_have_finished()
    {
        using var app = App(services => services.AddEventHandler<RefusingHandler>().AddEventHandler<RecordingHandler>());
        var failures = 1;
        app.Records.Failing["key"] = () => failures-- > 0 ? new HttpRequestException("away") : null;

        var first = Processed(app);
        account.Advance(TimeSpan.FromSeconds(12));
        app.Run(() => app.ProcessAsync(new Queues.EventMessage(SimulatedApp.Type, "key", null)));
        var second = app.Find("key")!;

        Assert.That((first.State, first.GivenUp), Is.EqualTo((EventState.Retrying, first.GivenUp)));
        Assert.That(first.GivenUp, Is.EqualTo(["RefusingHandler"]));
        Assert.That(second.State, Is.EqualTo(EventState.Dead));
        Assert.That(second.Done, Is.EquivalentTo(new[] { "LogEventHandler", "RecordingHandler" }));
        Assert.That(second.LastError, Does.Contain("no such project"));
        Assert.That(app.Records.Of("key"), Is.EqualTo(1));
    }

    [Test]
    public void A_handler_whose_lease_ends_is_told_in_time_and_no_attempt_is_charged_for_it_by_itself()
    {
        using var app = App(services => services.AddEventHandler<RecordingHandler>());
        var told = default(DateTimeOffset?);
        app.Records.BeforeEach = async (_, token) =>
        {
            app.Faults = _ => Simulation.Calls.Fault.Unavailable;
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, app.Time, token);
            }
            finally
            {
                told = account.Now;
            }
        };
        app.Insert("key");
        var begun = account.Now;

        Assert.That(
            () => app.Run(() => app.ProcessAsync(new Queues.EventMessage(SimulatedApp.Type, "key", null))),
            Throws.InstanceOf<OperationCanceledException>(),
            "its message comes again: perhaps nobody else has it");
        app.Faults = _ => Simulation.Calls.Fault.None;

        Assert.That(told - begun, Is.EqualTo(EventLedger.LeaseTime - TimeSpan.FromSeconds(10)));
        Assert.That(app.Find("key"), Has.Property("State").EqualTo(EventState.Processing).And.Property("Attempts").Zero);
        Assert.That(app.Records.Of("key"), Is.Zero);
    }

    private SimulatedApp App(Action<IServiceCollection> configure) => new(account, configure: configure);

    private static LedgerEvent Processed(SimulatedApp app)
    {
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));
        Assert.That(app.Deliver(), Is.True);
        return app.Find("key")!;
    }

    private sealed class UnmakableHandler : IEventHandler<PointEvent>
    {
        public UnmakableHandler() => throw new InvalidOperationException("Handlers:Jira:Url is missing.");

        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class RefusingHandler : IEventHandler<PointEvent>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken) =>
            throw new PermanentFailureException("no such project");
    }
}
