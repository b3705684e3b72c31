using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Signatures;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>Every metric with its tags and its value, as something happens that it counts, and nothing that it does not.</summary>
internal sealed class MeasuredTests
{
    // Of registrations there are tests over HTTP.
    private const string Elsewhere = "point.registration.runs";
    private const string OtherKey = "11111111-aaaa-4bbb-8ccc-222222222222";
    private const string Started = "type=ProvisioningStarted";

    private SimulatedAccount account = null!;
    private SimulatedVendor vendor = null!;
    private SimulatedApp app = null!;

    private static readonly Dictionary<string, (Action<MeasuredTests> Happen, string Measured)> Stories = new()
    {
        ["point.events.received"] = (test => test.Receive("key", "key", "other"), $"1 {Started}; 1 {Started}"),
        ["point.events.duplicates"] = (
            test =>
            {
                test.Receive("key", "key");
                test.Receive(SimulatedApp.Body("key", name: "Griffin"));
                test.Receive(SimulatedApp.Body("key", "WorkspaceArchived"));
                test.Receive(SimulatedApp.Body("key", "WorkspaceArchived"));
            },
            $"1 body=same,{Started}; 1 body=other,{Started}; 1 body=same,type=other"),
        ["point.requests.refused"] = (
            test =>
            {
                test.app.Run(() => test.app.ReceiveAsync(SimulatedApp.Body("key"), _ => { }));
                test.Receive(SimulatedApp.Body("key"), OtherKey);
                test.Receive(new byte[BoundedBody.MaxLength + 1]);
            },
            "1 reason=signature-missing; 1 reason=signature-mismatch; 1 reason=body-too-large"),
        ["point.events.handled"] = (test => test.Process("key"), $"1 handler=LogEventHandler,{Started}; 1 handler=RecordingHandler,{Started}"),
        ["point.handler.failures"] = (test => test.Fail("key"), $"1 handler=RecordingHandler,{Started}"),
        ["point.events.retried"] = (test => test.Fail("key"), $"1 {Started}"),
        ["point.events.died"] = (
            test =>
            {
                test.app.Records.Failing["key"] = () => new PermanentFailureException("no such project");
                test.Process("key");
            },
            $"1 {Started}"),
        ["point.events.relayed"] = (
            test =>
            {
                test.app.Insert("key");
                test.account.Advance(EventLedger.PickUpTime);
                test.Sweep();
                test.Sweep();
            },
            $"1 {Started}"),
        ["point.quarantine.kept"] = (test => test.Quarantine("key", "other"), "1 ; 1 "),
        ["point.quarantine.processed"] = (
            test =>
            {
                test.Quarantine("key");
                test.Receive(SimulatedApp.Body("forged"), OtherKey);
                test.ComeBack();
                test.Settle();
            },
            "1 result=accepted; 1 result=unverified"),
        ["point.events.unknown"] = (
            test => test.app.Run(() => test.app.ProcessAsync(new EventMessage(SimulatedApp.Type, "nobody", null))), "1 "),
        ["point.ledger.unreadable_rows"] = (
            test =>
            {
                test.app.Insert("key");
                test.account.Edit(EventId.Of(SimulatedApp.Type, "key").Row, row => row["State"] = "Zombie");
                test.app.Find("key");
                test.app.Find("key");
            },
            "1 "),
        ["point.events.open"] = (test => test.SweepWithThree(), "3 "),
        ["point.events.oldest_open_age"] = (test => test.SweepWithThree(), "60 "),
        ["point.events.dead"] = (
            test =>
            {
                test.app.Run(() => test.app.Claimed("key").DieAsync("error"));
                test.Sweep();
            },
            "1 "),
        ["point.events.waiting"] = (
            test =>
            {
                test.Pause();
                test.Process("key");
                test.Receive("other");
                test.Sweep();
            },
            "1 "),
        ["point.handlers.paused"] = (
            test =>
            {
                test.Sweep();
                test.Pause();
                test.Sweep();
            },
            "0 ; 1 "),
        ["point.messages.poison"] = (
            test =>
            {
                test.app.Send(QueueNames.UnknownEvent + QueueNames.PoisonSuffix, new BinaryData("not ours"));
                test.Sweep();
                test.Sweep();
            },
            "1 ; 0 "),
        ["point.requests.quarantined"] = (
            test =>
            {
                test.Quarantine("key", "other");
                test.Settle();
            },
            "2 "),
        ["point.requests.unverified"] = (
            test =>
            {
                test.Quarantine("key");
                test.Receive(SimulatedApp.Body("forged"), OtherKey);
                test.ComeBack();
                test.Settle();
            },
            "1 "),
        ["point.events.time_to_completion"] = (
            test =>
            {
                test.Receive("key");
                test.account.Advance(TimeSpan.FromMinutes(2));
                test.app.Deliver();
            },
            $"120 {Started}"),
    };

    private static IEnumerable<string> Metrics => Stories.Keys;

    [SetUp]
    public void Start()
    {
        account = new SimulatedAccount();
        vendor = new SimulatedVendor { AnswerTime = TimeSpan.Zero };
        app = new SimulatedApp(account, vendor, configure: services => services.AddEventHandler<RecordingHandler>());
    }

    [TearDown]
    public void Stop() => app.Dispose();

    [TestCaseSource(nameof(Metrics))]
    public void It_is_measured_with_its_tags_and_its_value(string metric)
    {
        var (happen, measured) = Stories[metric];

        happen(this);

        Assert.That(
            string.Join("; ", app.Measured.Of(metric).Select(one => FormattableString.Invariant($"{one.Value} {one.Tags}"))), Is.EqualTo(measured));
    }

    [Test]
    public void Every_metric_that_the_documents_list_has_its_story() => Assert.That(
        new Document("docs/telemetry.md").Table("Metric", "Kind", "Unit", "Tags", "Meaning").Select(row => row[0]),
        Is.EquivalentTo(Stories.Keys.Append(Elsewhere)));

    [Test]
    public void An_event_that_goes_through_is_measured_by_these_alone()
    {
        Process("key");

        Assert.That(app.Measured.Instruments, Is.EquivalentTo(
            new[] { "point.events.received", "point.events.handled", "point.events.time_to_completion" }));
    }

    [Test]
    public void A_type_that_is_not_documented_makes_no_series_of_its_own()
    {
        Receive(SimulatedApp.Body("key", "WorkspaceArchived"));
        app.Deliver(QueueNames.UnknownEvent);

        foreach (var metric in new[] { "point.events.received", "point.events.handled", "point.events.time_to_completion" })
            Assert.That(app.Measured.Of(metric).Select(one => one.Tags), Is.Not.Empty.And.All.EndsWith("type=other"));
    }

    private void Receive(params string[] keys)
    {
        foreach (var key in keys)
            Receive(SimulatedApp.Body(key));
    }

    private void Receive(byte[] body, string key = SimulatedApp.Key) => app.Run(() => app.ReceiveAsync(body, key));

    private void Process(string key)
    {
        Receive(key);
        Assert.That(app.Deliver(), Is.True);
    }

    private void Fail(string key)
    {
        app.Records.Failing[key] = () => new HttpRequestException("away");
        Process(key);
    }

    private void Quarantine(params string[] keys)
    {
        vendor.IsDown = true;
        Receive(keys);
    }

    private void ComeBack()
    {
        vendor.IsDown = false;
        account.Advance(KeyFetcher.Throttle);
    }

    private void Settle() => app.Run(() => app.Get<QuarantineProcessor>().RunAsync(CancellationToken.None));

    private void Pause() => app.Run(() =>
        app.Get<HandlerOperations>().PauseAsync(nameof(RecordingHandler), null, CancellationToken.None));

    private void Sweep() => app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None));

    private void SweepWithThree()
    {
        app.Insert("one");
        account.Advance(TimeSpan.FromMinutes(1));
        app.Insert("two");
        app.Insert("three");
        Sweep();
    }
}
