using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers;

/// <summary>Which events a class is given, as which handler, and what it may tell.</summary>
internal sealed class HandlerDefinitionTests
{
    private static readonly PointEvent Started = Event(SimulatedApp.Type);

    private static readonly EventContext Context = new("id", "key\nof two lines", DateTimeOffset.UnixEpoch, 1, default);

    [Test]
    public void An_event_is_handled_once_as_what_it_is()
    {
        var (registration, handler) = Registered(new ByType());

        Handle(registration, handler, Started);
        Handle(registration, handler, Event("ProvisioningFailed"));
        Handle(registration, handler, Event("WorkspaceArchived"));

        Assert.That(handler.Handled, Is.EqualTo(["started", "provisioning", "any"]));
    }

    [Test]
    public void An_event_of_another_type_and_one_that_is_not_wanted_are_none_of_its()
    {
        var failed = new HandlerRegistration("name", typeof(OfFailed));
        var choosy = new HandlerRegistration("name", typeof(ByType), wants: one => one != Started);

        Assert.That((failed.Handles(Started), failed.Handles(Event("ProvisioningFailed"))), Is.EqualTo((false, true)));
        Assert.That((choosy.Handles(Started), choosy.Handles(Event("ProvisioningFailed"))), Is.EqualTo((false, true)));
    }

    [Test]
    public void What_a_handler_throws_is_not_wrapped() => Assert.That(
        () => Handle(new HandlerRegistration("name", typeof(OfFailed)), new OfFailed(), Event("ProvisioningFailed")),
        Throws.TypeOf<PermanentFailureException>());

    [Test]
    public void A_handler_that_is_made_in_a_way_of_its_own_is_not_asked_of_the_services()
    {
        var (made, ofServices) = (new ByType(), new ByType());

        Handle(new HandlerRegistration("name", typeof(ByType), create: _ => made), ofServices, Started);

        Assert.That((made.Handled.Count, ofServices.Handled.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void What_else_a_class_is_changes_nothing()
    {
        var registration = new HandlerRegistration("name", typeof(AlsoOther));

        Assert.That((registration.Handles(Event("ProvisioningFailed")), registration.Handles(Started)), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_handler_of_the_settings_is_known_with_what_it_needs()
    {
        var settings = ValidSettings.With(("Handlers:EventGrid:main:Endpoint", "https://contoso.westeurope-1.eventgrid.azure.net/api/events"));
        using var services = new ServiceCollection().AddLogging().AddSingleton(settings).AddPointWebhooks(settings).BuildServiceProvider();

        var handler = services.GetServices<ConfiguredHandler>().Single();

        Assert.That(handler.Name, Is.EqualTo("eventgrid-main"));
        Assert.That(handler.Create(services), Is.InstanceOf<IDownstreamHandler>(), "what it is made of is there");
    }

    [Test]
    public void A_class_that_handles_nothing_is_refused_with_what_to_implement() => Assert.That(
        () => new HandlerRegistration("name", typeof(HandlerDefinitionTests)),
        Throws.ArgumentException.With.Message.StartsWith($"{typeof(HandlerDefinitionTests)} implements no IEventHandler<…>: implement it for the events to handle."));

    [TestCase("Jira/IT")]
    [TestCase("a?b")]
    [TestCase("Jira, IT")]
    [TestCase("100 %")]
    [TestCase("two\nlines")]
    [TestCase(" ")]
    public void A_name_that_cannot_stand_in_a_url_or_in_the_ledger_is_refused(string name) => Assert.That(
        () => new ServiceCollection().AddEventHandler<ByType>(name),
        Throws.ArgumentException.With.Message.StartsWith($"'{name}' is no name of a handler. Use up to 100 characters"));

    [Test]
    public void A_handler_is_named_after_its_class_unless_it_is_given_a_name()
    {
        var services = new ServiceCollection().AddEventHandler<ByType>().AddEventHandler<OfFailed>("Refusing", new HandlerLimits(1));

        var registrations = services.BuildServiceProvider().GetServices<HandlerRegistration>().ToList();

        Assert.That(registrations.Select(one => (one.Name, one.Limits)), Is.EqualTo(new[] { ("ByType", null), ("Refusing", new HandlerLimits(1)) }));
    }

    [Test]
    public void Each_event_has_a_handler_of_its_own()
    {
        using var services = new ServiceCollection().AddEventHandler<ByType>().BuildServiceProvider();
        using var one = services.CreateScope();
        using var other = services.CreateScope();

        Assert.That(
            one.ServiceProvider.GetRequiredService<ByType>(), Is.Not.SameAs(other.ServiceProvider.GetRequiredService<ByType>()));
    }

    [Test]
    public void A_name_that_a_handler_of_the_settings_has_too_is_refused()
    {
        var settings = ValidSettings.With(("Handlers:Http:main:Url", "https://h.example/hook"));

        Assert.That(
            () => new ServiceCollection().AddEventHandler<ByType>("http-main").AddPointWebhooks(settings),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Two handlers are named 'http-main'. Give the one that is not of Handlers another name."));
    }

    [TestCase(null, null)]
    [TestCase("-00:00:01", null)]
    [TestCase("00:00:00", null)]
    [TestCase("00:00:01", "00:00:01")]
    [TestCase("06:00:00", "06:00:00")]
    [TestCase("06:00:01", "06:00:00")]
    [TestCase("365.00:00:00", "06:00:00")]
    public void The_time_that_a_system_asks_for_is_given_up_to_six_hours(string? asked, string? given)
    {
        var failure = new TransientFailureException("busy", asked is null ? null : TimeSpan.Parse(asked, null));

        Assert.That(failure.RetryAfter, Is.EqualTo(given is null ? null : (TimeSpan?)TimeSpan.Parse(given, null)));
    }

    [TestCase("https://jira.example/browse/A-1", true)]
    [TestCase("http://jira.example/browse/A-1", true)]
    [TestCase("/browse/A-1", false)]
    [TestCase("javascript:alert(1)", false)]
    [TestCase("file:///etc/passwd", false)]
    [TestCase("data:text/html,x", false)]
    public void What_a_handler_has_done_is_one_line_with_a_link_that_leads_somewhere(string link, bool isKept)
    {
        var context = Context with { Attempt = 2 };

        context.Report("Created A-1\nand more", new Uri(link, UriKind.RelativeOrAbsolute));

        Assert.That(context.Effect!.Text, Does.StartWith("Created A-1").And.Not.Contain("\n"));
        Assert.That(context.Effect.Link?.AbsoluteUri, Is.EqualTo(isKept ? link : null));
    }

    [TestCase(SimulatedApp.Type, "workspace kind MicrosoftTeams, created at 2026-05-01 12:00:00Z.")]
    [TestCase("WorkspaceArchived", "workspace kind none, created at 2026-05-01 12:00:00Z.")]
    public void Every_event_is_logged_in_one_line(string type, string end)
    {
        var log = new FakeLogger<LogEventHandler>();

        new LogEventHandler(log).HandleAsync(Event(type), Context, CancellationToken.None);

        Assert.That(log.LatestRecord.Message, Does.StartWith($"Event {type} key").And.EndsWith(end).And.Not.Contain("\n"));
    }

    private static PointEvent Event(string type) => PointEventReader.Read(EventEnvelope.Parse(SimulatedApp.Body("key", type)))!;

    private static (HandlerRegistration Registration, ByType Handler) Registered(ByType handler) =>
        (new HandlerRegistration("name", typeof(ByType)), handler);

    private static void Handle<T>(HandlerRegistration registration, T handler, PointEvent pointEvent) where T : class
    {
        using var services = new ServiceCollection().AddSingleton(handler).BuildServiceProvider();
        registration.HandleAsync(services, pointEvent, Context, CancellationToken.None).GetAwaiter().GetResult();
    }

    private sealed class ByType : IEventHandler<PointEvent>, IEventHandler<ProvisioningStarted>, IEventHandler<ProvisioningEvent>
    {
        public List<string> Handled { get; } = [];

        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken) => Note("any");

        public Task HandleAsync(ProvisioningStarted pointEvent, EventContext context, CancellationToken cancellationToken) => Note("started");

        public Task HandleAsync(ProvisioningEvent pointEvent, EventContext context, CancellationToken cancellationToken) => Note("provisioning");

        private Task Note(string what)
        {
            Handled.Add(what);
            return Task.CompletedTask;
        }
    }

    private sealed class AlsoOther : IEventHandler<ProvisioningFailed>, IDisposable, IEquatable<AlsoOther>
    {
        public Task HandleAsync(ProvisioningFailed pointEvent, EventContext context, CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }

        public bool Equals(AlsoOther? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => Equals(obj as AlsoOther);

        public override int GetHashCode() => 0;
    }

    private sealed class OfFailed : IEventHandler<ProvisioningFailed>
    {
        public Task HandleAsync(ProvisioningFailed pointEvent, EventContext context, CancellationToken cancellationToken) =>
            throw new PermanentFailureException("no such project");
    }
}
