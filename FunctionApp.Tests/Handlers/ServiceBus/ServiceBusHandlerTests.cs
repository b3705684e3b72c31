using Azure.Identity;
using Azure.Messaging.ServiceBus;
using CloudNative.CloudEvents.SystemTextJson;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.ServiceBus;
using PointWebhooks.Tests.Handlers.Support;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Handlers.ServiceBus;

/// <summary>The message that is sent, by a client that keeps it: there is no Service Bus to send it to without Azure.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ServiceBusHandlerTests
{
    private const string Source = "https://contoso.syskit365demo.com";

    private static IEnumerable<TestCaseData> Failures =>
    [
        Failure<TransientFailureException>(new ServiceBusException("s3cret", ServiceBusFailureReason.ServiceBusy), "ServiceBusy"),
        Failure<TransientFailureException>(new AuthenticationFailedException("no identity"), "no token: no identity"),
        Failure<TransientFailureException>(new TaskCanceledException("its own limit"), "Service Bus did not answer: its own limit"),
        Failure<PermanentFailureException>(new InvalidOperationException("s3cret"), "set Sessions to true"),
        Failure<ArgumentOutOfRangeException>(new ArgumentOutOfRangeException("unknown"), "unknown"),
    ];

    [Test]
    public void A_message_is_a_CloudEvent_whose_id_is_that_of_the_event()
    {
        var (pointEvent, context) = Read("""{"type":"ProvisioningCompleted","content":{"name":"Büro","type":"M365Group"},"meta":{"idempotencyKey":"k"}}""");

        var message = EventMessages.Of(pointEvent, context, hasSessions: false, Source);

        Assert.That((message.MessageId, message.MessageId.Length), Is.EqualTo((context.EventId, 53)), "at most 128");
        Assert.That(message.SessionId, Is.Null);
        Assert.That(message.ApplicationProperties, Is.EquivalentTo(new Dictionary<string, object> { ["type"] = "ProvisioningCompleted", ["kind"] = "M365Group" }));
        var read = new JsonEventFormatter().DecodeStructuredModeMessage(
            message.Body.ToMemory(), new System.Net.Mime.ContentType(message.ContentType), null);
        Assert.That((read.Id, read.Type, read.Subject), Is.EqualTo((context.EventId, message.Subject, "Büro")));
    }

    [Test]
    public async Task An_event_is_handled_when_its_message_is_taken_and_not_before()
    {
        var (pointEvent, context) = Read("""{"type":"ProvisioningStarted","meta":{"idempotencyKey":"k"}}""");
        var taken = new TaskCompletionSource();
        var sender = new RecordingSender(taken.Task);

        var handling = Handler(sender).HandleAsync(pointEvent, context, CancellationToken.None);

        Assert.That((handling.IsCompleted, context.Effect), Is.EqualTo((false, (HandlerEffect?)null)));
        taken.SetResult();
        await handling;
        Assert.That(sender.Sent.Select(message => message.MessageId), Is.EqualTo([context.EventId]));
        Assert.That(context.Effect!.Text, Is.EqualTo("Sent to q"));
    }

    [Test]
    public void Whoever_stops_the_handler_stops_the_sending()
    {
        var (pointEvent, context) = Read("""{"type":"ProvisioningStarted","meta":{"idempotencyKey":"k"}}""");
        var sender = new RecordingSender(Task.CompletedTask);

        Assert.That(
            () => Handler(sender).HandleAsync(pointEvent, context, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(sender.Sent, Is.Empty);
    }

    [TestCaseSource(nameof(Failures))]
    public void A_message_that_is_not_taken_fails_the_handler_by_what_may_become_of_it(Exception thrown, Type expected, string said)
    {
        var (pointEvent, context) = Read("""{"type":"ProvisioningStarted","meta":{"idempotencyKey":"k"}}""");
        var handler = Handler(new RecordingSender(Task.FromException(thrown)));

        Assert.That(
            () => handler.HandleAsync(pointEvent, context, CancellationToken.None),
            Throws.TypeOf(expected).With.Message.Contains(said).And.Message.Not.Contains("s3cret"));

        Assert.That(context.Effect, Is.Null);
    }

    [Test]
    public void Events_of_one_workspace_are_one_session()
    {
        string? Session(string body)
        {
            var (pointEvent, context) = Read(body);
            return EventMessages.Of(pointEvent, context, hasSessions: true, Source).SessionId;
        }

        var started = Session("""{"type":"ProvisioningStarted","content":{"name":"Phoenix"},"meta":{"idempotencyKey":"1"}}""");
        var completed = Session("""{"type":"ProvisioningCompleted","content":{"name":" phoenix "},"meta":{"idempotencyKey":"2"}}""");
        var longName = Session($$"""{"type":"ProvisioningStarted","content":{"name":"{{new string('x', 500)}}"} }""");

        Assert.That((started, completed), Is.EqualTo(("phoenix", "phoenix")));
        Assert.That(longName, Has.Length.EqualTo(64));
        Assert.That(Session("""{"type":"New","meta":{"idempotencyKey":"3"}}"""), Has.Length.EqualTo(53), "alone");
    }

    [TestCase(ServiceBusFailureReason.ServiceBusy, true)]
    [TestCase(ServiceBusFailureReason.ServiceTimeout, true)]
    [TestCase(ServiceBusFailureReason.MessagingEntityNotFound, false)]
    [TestCase(ServiceBusFailureReason.MessageSizeExceeded, false)]
    public void What_may_heal_is_transient(ServiceBusFailureReason reason, bool isTransient)
    {
        var failure = ServiceBusHandler.Failure(new ServiceBusException(isTransient, "s3cret", reason: reason));

        Assert.That(failure, isTransient ? Is.TypeOf<TransientFailureException>() : Is.TypeOf<PermanentFailureException>());
        Assert.That(failure!.Message, Does.Contain($"{reason}").And.Not.Contain("s3cret"));
    }

    [Test]
    public void A_queue_that_is_full_may_heal() => Assert.That(
        ServiceBusHandler.Failure(new ServiceBusException(isTransient: false, "s3cret", reason: ServiceBusFailureReason.QuotaExceeded)),
        Is.TypeOf<TransientFailureException>().With.Message.EqualTo("Service Bus did not take the message: QuotaExceeded."));

    [Test]
    public void A_client_that_is_closed_is_no_fault_of_the_message() =>
        Assert.That(ServiceBusHandler.Failure(new ObjectDisposedException("sender")), Is.Null);

    [Test]
    public void Who_may_not_send_is_told_which_role_is_missing() => Assert.That(
        ServiceBusHandler.Failure(new UnauthorizedAccessException()),
        Is.TypeOf<PermanentFailureException>().With.Message.Contains("Azure Service Bus Data Sender"));

    [TestCase("Namespace", "", "Handlers:ServiceBus:a:Namespace is missing.")]
    [TestCase("Namespace", "contoso", "Handlers:ServiceBus:a:Namespace is not the host name of a namespace.")]
    [TestCase("Namespace", "contoso.example", "Handlers:ServiceBus:a:Namespace is not the host name of a namespace.")]
    [TestCase("QueueOrTopic", "", "Handlers:ServiceBus:a:QueueOrTopic is missing.")]
    [TestCase("Sessions", "maybe", "Handlers:ServiceBus:a:Sessions is 'maybe'.")]
    public void What_is_wrong_is_said_by_name(string setting, string value, string expected) => Assert.That(
        FailuresOf(
            ("Handlers:ServiceBus:a:Namespace", "contoso.servicebus.windows.net"), ("Handlers:ServiceBus:a:QueueOrTopic", "q"),
            ($"Handlers:ServiceBus:a:{setting}", value)),
        Has.One.StartsWith(expected));

    [TestCase("contoso.servicebus.evil.example")]
    [TestCase("contoso.servicebus.windows.net.evil.example")]
    [TestCase("evil.example/contoso.servicebus.windows.net")]
    [TestCase("evil-servicebus.windows.net")]
    public void A_host_that_is_no_namespace_is_an_error(string host) => Assert.That(
        FailuresOf(("Handlers:ServiceBus:a:Namespace", host), ("Handlers:ServiceBus:a:QueueOrTopic", "q")),
        Has.One.StartsWith("Handlers:ServiceBus:a:Namespace is not the host name of a namespace."));

    [TestCase("contoso.servicebus.windows.net")]
    [TestCase("CONTOSO-2.ServiceBus.Windows.net")]
    [TestCase("contoso.servicebus.usgovcloudapi.net")]
    [TestCase("contoso.servicebus.chinacloudapi.cn")]
    public void A_namespace_of_each_cloud_is_taken(string host) => Assert.That(
        FailuresOf(("Handlers:ServiceBus:a:Namespace", host), ("Handlers:ServiceBus:a:QueueOrTopic", "q")), Is.Empty);

    [Test]
    public async Task It_sends_to_the_queue_and_the_namespace_of_its_settings()
    {
        await using var handler = new HandlerUnderTest(
            "ServiceBus", [("Namespace", "contoso.servicebus.windows.net"), ("QueueOrTopic", "point-events")]);

        var sender = handler.Get<IServiceProvider>().GetRequiredKeyedService<ServiceBusSender>(handler.Configured.Name);

        Assert.That(
            (sender.FullyQualifiedNamespace, sender.EntityPath), Is.EqualTo(("contoso.servicebus.windows.net", "point-events")));
    }

    private static (PointWebhooks.Events.PointEvent Event, EventContext Context) Read(string body) =>
        HandlerUnderTest.Read(HandlerUnderTest.Body(body));

    private static TestCaseData Failure<TExpected>(Exception thrown, string said) =>
        new TestCaseData(thrown, typeof(TExpected), said).SetArgDisplayNames(thrown.GetType().Name);

    private static ServiceBusHandler Handler(ServiceBusSender sender) => new(sender, "q", hasSessions: false, Source);

    private sealed class RecordingSender(Task taken) : ServiceBusSender
    {
        public List<ServiceBusMessage> Sent { get; } = [];

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Sent.Add(message);
            return taken;
        }
    }
}
