using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What a handler is given, when handlers run, and what each way of ending means.</summary>
internal sealed class HandlerContractTests
{
    private SimulatedAccount account = null!;
    private List<string> ran = null!;

    [SetUp]
    public void Start() => (account, ran) = (new SimulatedAccount(), []);

    [Test]
    public void A_handler_learns_which_event_it_is_when_it_came_and_which_attempt_this_is()
    {
        using var app = NewApp(services => services.AddEventHandler<RecordingHandler>());
        var seen = new List<EventContext>();
        app.Records.BeforeEach = (context, _) =>
        {
            seen.Add(context);
            return seen.Count < 3 ? throw new HttpRequestException("away") : Task.CompletedTask;
        };
        var body = SimulatedApp.Body("key");
        var received = account.Now;
        app.Run(() => app.ReceiveAsync(body));

        for (var attempt = 0; attempt < 3; attempt++)
        {
            account.Advance(TimeSpan.FromMinutes(2));
            Assert.That(app.Deliver(), Is.True);
        }

        Assert.That(seen.Select(context => context.Attempt), Is.EqualTo([1, 2, 3]));
        Assert.That(seen.Select(context => context.EventId), Is.All.EqualTo(EventId.Of(SimulatedApp.Type, "key").Value));
        Assert.That(seen.Select(context => context.IdempotencyKey), Is.All.EqualTo("key"));
        Assert.That(seen.Select(context => context.ReceivedAt), Is.All.EqualTo(received));
        Assert.That(seen.Select(context => context.Body.ToArray()), Is.All.EqualTo(body));
    }

    [Test]
    public void Handlers_run_side_by_side_whatever_becomes_of_each()
    {
        using var app = NewApp(services => services
            .AddEventHandler<Third>().AddEventHandler<First>().AddEventHandler<Second>());

        Process(app);

        Assert.That(ran, Is.EqualTo(["Third begins", "First begins", "Second begins", "Second ends", "Third ends"]));
        var found = app.Find("key")!;
        Assert.That(found.Done, Is.EqualTo(["LogEventHandler", "Second", "Third"]));
        Assert.That(found.LastError, Is.EqualTo("First: away"));
    }

    [Test]
    public void A_handler_gets_the_events_it_is_for_and_no_others()
    {
        using var app = NewApp(services => services
            .AddEventHandler<OfCompleted>().AddEventHandler<OfProvisioning>().AddEventHandler<OfUnknown>());

        Process(app, "ProvisioningStarted");
        Process(app, "ProvisioningCompleted");
        Process(app, "WorkspaceArchived");

        Assert.That(ran, Is.EqualTo(
        [
            "OfProvisioning: ProvisioningStarted",
            "OfCompleted: ProvisioningCompleted", "OfProvisioning: ProvisioningCompleted",
            "OfUnknown: WorkspaceArchived",
        ]));
    }

    [Test]
    public void Of_several_events_that_a_class_handles_the_most_exact_one_counts()
    {
        using var app = NewApp(services => services.AddEventHandler<OfSeveral>());

        Process(app, "ProvisioningStarted");
        Process(app, "ProvisioningFailed");
        Process(app, "WorkspaceArchived");

        Assert.That(ran, Is.EqualTo(["provisioning", "failed", "any"]));
    }

    [TestCase("its own token")]
    [TestCase("no token")]
    [TestCase("at once")]
    public void A_handler_that_is_cancelled_by_something_of_its_own_has_failed_an_attempt(string how)
    {
        using var app = NewApp(services => services.AddEventHandler<RecordingHandler>());
        app.Records.BeforeEach = async (_, _) =>
        {
            if (how != "at once")
                await Task.Delay(TimeSpan.FromSeconds(100), app.Time, CancellationToken.None);
            throw how == "its own token"
                ? new OperationCanceledException("The request timed out.", new CancellationToken(canceled: true))
                : new OperationCanceledException("The request timed out.");
        };

        Process(app);

        var found = app.Find("key")!;
        Assert.That((found.State, found.Attempts, found.LastError), Is.EqualTo((EventState.Retrying, 1, "RecordingHandler: The request timed out.")));
        Assert.That(app.LogOf(11), Has.Count.EqualTo(1));
        Assert.That(app.LogOf(19), Is.Empty, "no lease was lost");
    }

    [Test]
    public void Of_an_event_that_fails_for_now_and_for_good_every_error_is_told()
    {
        using var app = NewApp(services => services.AddEventHandler<Refusing>().AddEventHandler<First>());

        Process(app);

        var found = app.Find("key")!;
        Assert.That((found.State, found.LastError), Is.EqualTo((EventState.Retrying, "Refusing: no such project; First: away")));
        Assert.That(found.GivenUp, Is.EqualTo(["Refusing"]));
        Assert.That(app.Measured.Of("point.handler.failures").Select(one => one.Tags), Is.EqualTo(
            ["handler=Refusing,type=ProvisioningStarted", "handler=First,type=ProvisioningStarted"]));
    }

    [Test]
    public void A_handler_that_gives_up_is_not_run_again_and_the_others_had_their_chance()
    {
        using var app = NewApp(services => services.AddEventHandler<Refusing>().AddEventHandler<Second>());

        Process(app);

        var dead = app.Find("key")!;
        Assert.That((dead.State, dead.Attempts, dead.LastError), Is.EqualTo((EventState.Dead, 1, "Refusing: no such project")));
        Assert.That(dead.GivenUp, Is.EqualTo(["Refusing"]));
        Assert.That(dead.Done, Is.EqualTo(["LogEventHandler", "Second"]));
        Assert.That(account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Is.Empty);
    }

    [Test]
    public void An_event_whose_content_is_no_object_is_dead_at_once_and_kept()
    {
        using var app = NewApp(services => services.AddEventHandler<Second>());
        var body = """{"type":"ProvisioningCompleted","content":[1],"meta":{"idempotencyKey":"key"}}"""u8.ToArray();
        app.Run(() => app.ReceiveAsync(body));

        app.Deliver(QueueNames.ProvisioningCompleted);

        var dead = app.Find("key", "ProvisioningCompleted")!;
        Assert.That(dead.State, Is.EqualTo(EventState.Dead));
        Assert.That(dead.LastError, Is.EqualTo("The content of this ProvisioningCompleted event is not a JSON object."));
        Assert.That(dead.Body!.Value.ToArray(), Is.EqualTo(body));
        Assert.That(ran, Is.Empty);
    }

    [Test]
    public void A_second_message_of_a_completed_event_does_nothing()
    {
        using var app = NewApp(services => services.AddEventHandler<Second>());
        Process(app);
        var completed = app.Find("key")!;

        app.Run(() => app.ProcessAsync(new EventMessage(SimulatedApp.Type, "key", null)));

        Assert.That(app.Find("key")!.ETag, Is.EqualTo(completed.ETag));
        Assert.That(ran, Is.EqualTo(["Second begins", "Second ends"]));
    }

    [Test]
    public void A_replay_of_a_dead_event_runs_the_handler_that_gave_up_and_not_the_one_that_finished()
    {
        using var app = NewApp(services => services.AddEventHandler<Second>().AddEventHandler<Refusing>());
        Process(app);
        var dead = app.Find("key")!;
        Assert.That((dead.State, dead.Attempts), Is.EqualTo((EventState.Dead, 1)));
        ran.Clear();

        var reopened = app.Run(() => app.Ledger.ReopenAsync(dead))!;
        app.Run(() => app.ProcessAsync(new EventMessage(SimulatedApp.Type, "key", null)));

        Assert.That((reopened.Attempts, reopened.GivenUp.Length, reopened.FinishedAt), Is.EqualTo((0, 0, default(DateTimeOffset?))));
        Assert.That(ran, Is.EqualTo(["Refusing"]));
        Assert.That(app.Find("key")!.Attempts, Is.EqualTo(1), "with its full retry budget");
    }

    private SimulatedApp NewApp(Action<IServiceCollection> configure) => new(account, configure: services => configure(services.AddSingleton(ran)));

    private static void Process(SimulatedApp app, string type = SimulatedApp.Type)
    {
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key", type)));
        Assert.That(app.Deliver(QueueNames.For(type)), Is.True);
    }

    private static Task Said(List<string> ran, string what)
    {
        ran.Add(what);
        return Task.CompletedTask;
    }

    private sealed class First(List<string> ran) : IEventHandler<PointEvent>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
        {
            ran.Add("First begins");
            throw new HttpRequestException("away");
        }
    }

    private sealed class Second(List<string> ran, TimeProvider time) : IEventHandler<PointEvent>
    {
        public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
        {
            ran.Add("Second begins");
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            ran.Add("Second ends");
        }
    }

    private sealed class Third(List<string> ran, TimeProvider time) : IEventHandler<PointEvent>
    {
        public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
        {
            ran.Add("Third begins");
            await Task.Delay(TimeSpan.FromSeconds(3), time, cancellationToken);
            ran.Add("Third ends");
        }
    }

    private sealed class Refusing(List<string> ran) : IEventHandler<PointEvent>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
        {
            ran.Add("Refusing");
            throw new PermanentFailureException("no such project");
        }
    }

    private sealed class OfCompleted(List<string> ran) : IEventHandler<ProvisioningCompleted>
    {
        public Task HandleAsync(ProvisioningCompleted pointEvent, EventContext context, CancellationToken cancellationToken) => Said(ran, $"OfCompleted: {pointEvent.Type}");
    }

    private sealed class OfProvisioning(List<string> ran) : IEventHandler<ProvisioningEvent>
    {
        public Task HandleAsync(ProvisioningEvent pointEvent, EventContext context, CancellationToken cancellationToken) => Said(ran, $"OfProvisioning: {pointEvent.Type}");
    }

    private sealed class OfUnknown(List<string> ran) : IEventHandler<UnknownEvent>
    {
        public Task HandleAsync(UnknownEvent pointEvent, EventContext context, CancellationToken cancellationToken) => Said(ran, $"OfUnknown: {pointEvent.Type}");
    }

    private sealed class OfSeveral(List<string> ran) : IEventHandler<PointEvent>, IEventHandler<ProvisioningEvent>, IEventHandler<ProvisioningFailed>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken) => Said(ran, "any");

        public Task HandleAsync(ProvisioningEvent pointEvent, EventContext context, CancellationToken cancellationToken) => Said(ran, "provisioning");

        public Task HandleAsync(ProvisioningFailed pointEvent, EventContext context, CancellationToken cancellationToken) => Said(ran, "failed");
    }
}
