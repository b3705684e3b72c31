using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Receiving;
using PointWebhooks.Signatures;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>What becomes of quarantined requests: nothing that was acknowledged is thrown away while it may be authentic.</summary>
internal sealed class QuarantineProcessorTests : QuarantineFixture
{
    [Test]
    public void A_forgery_that_sorts_first_does_not_hold_back_authentic_requests()
    {
        Vendor.IsDown = false;
        using var knowing = new SimulatedApp(Account, Vendor);
        knowing.Run(() => knowing.ReceiveAsync(SimulatedApp.Body("before")));
        Vendor.IsDown = true;
        Account.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10; i++)
            Keep(SimulatedApp.Body($"key-{i}"));
        var authentic = Rows(QuarantineStore.Waiting)[0];
        for (var i = 0; Rows(QuarantineStore.Waiting)[0] == authentic; i++)
            Keep(SimulatedApp.Body($"forged-{i}"), OtherKey);

        Process(knowing);

        Assert.That(Enumerable.Range(0, 10).Select(i => App.Find($"key-{i}")?.State), Is.All.EqualTo(EventState.Received));
        Assert.That(Rows(QuarantineStore.Waiting), Is.Not.Empty, "whether the forgery is one is not known yet");
        Assert.That(knowing.Measured.Last("point.requests.quarantined"), Is.EqualTo(Rows(QuarantineStore.Waiting).Count));
    }

    [Test]
    public void A_request_that_no_key_verifies_is_kept_for_seven_days_and_not_an_instant_less()
    {
        Vendor.AnswerTime = TimeSpan.Zero;
        Keep(SimulatedApp.Body("key"));
        var received = Account.Now;
        ComeBackWith(OtherKey);
        Process(App);
        Assert.That(Rows(QuarantineStore.Waiting), Is.Empty);
        Assert.That(Rows(QuarantineStore.Unverified), Has.Count.EqualTo(1));
        Assert.That(App.Measured.Sum("point.quarantine.processed", "result=unverified"), Is.EqualTo(1));
        Assert.That(App.Find("key"), Is.Null, "nothing unverified takes effect");

        Account.Advance(received + QuarantineProcessor.UnverifiedLifetime - Account.Now - Instant);
        Review();
        Assert.That(Rows(QuarantineStore.Unverified), Has.Count.EqualTo(1));
        Account.Advance(2 * Instant);
        Review();

        Assert.That(Rows(QuarantineStore.Unverified), Is.Empty);
        Assert.That(App.LogOf(67), Is.EqualTo(
            [(LogLevel.Warning, "1 unverified requests were kept for 7 days and are removed.")]));
    }

    [Test]
    public void A_forgery_that_is_kept_in_two_outages_is_moved_twice_and_holds_up_nothing()
    {
        var forged = SimulatedApp.Body("forged");
        Keep(forged, OtherKey);
        ComeBackWith(SimulatedApp.Key);
        Process(App);
        using var away = new SimulatedApp(Account, new SimulatedVendor { IsDown = true });
        Assert.That(away.Run(() => away.ReceiveAsync(forged, OtherKey)).Kept!.Status, Is.EqualTo(KeptResponse.Quarantined));
        for (var i = 0; i < 10; i++)
            Assert.That(away.Run(() => away.ReceiveAsync(SimulatedApp.Body($"key-{i}"))).Kept!.Status, Is.EqualTo(KeptResponse.Quarantined));
        Account.Advance(KeyFetcher.Throttle);

        Process(App);

        Assert.That((Rows(QuarantineStore.Waiting).Count, Rows(QuarantineStore.Unverified).Count), Is.EqualTo((0, 1)));
        Assert.That(Enumerable.Range(0, 10).Select(i => App.Find($"key-{i}")?.State), Is.All.EqualTo(EventState.Received));
    }

    [Test]
    public void An_unverified_request_is_accepted_when_its_key_is_known_after_all()
    {
        Keep(SimulatedApp.Body("key"));
        ComeBackWith(OtherKey);
        Process(App);
        Account.Advance(TimeSpan.FromDays(3));
        Vendor.Key = SimulatedApp.Key;

        Review();

        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received));
        Assert.That(Rows(QuarantineStore.Unverified), Is.Empty);
    }

    [Test]
    public void It_keeps_the_trace_that_it_came_with()
    {
        const string Trace = "11111111111111111111111111111111";
        App.Run(async () =>
        {
            using var request = new Activity("request").SetParentId($"00-{Trace}-3333333333333333-01").Start();
            await App.ReceiveAsync(SimulatedApp.Body("key"));
        });
        ComeBackWith(SimulatedApp.Key);

        App.Run(async () =>
        {
            using var timer = new Activity("timer").Start();
            await App.Get<QuarantineProcessor>().RunAsync(CancellationToken.None);
        });

        Assert.That(App.Find("key")!.TraceParent, Does.StartWith($"00-{Trace}-"));
    }

    [TestCase(0, "unverified")]
    [TestCase(1, "discarded")]
    public void Unverified_requests_are_kept_up_to_their_bytes_and_the_rest_is_an_error(int tooMany, string result)
    {
        var body = SimulatedApp.Body("key");
        Account.Put(new Azure.Data.Tables.TableEntity("quarantine", QuarantineStore.Unverified + "0")
        {
            ["BodyLength"] = (int)(QuarantineProcessor.MaxUnverifiedBytes - body.Length + tooMany),
        });
        Keep(body);
        ComeBackWith(OtherKey);

        Process(App);

        Assert.That(App.Measured.Sum("point.quarantine.processed", $"result={result}"), Is.EqualTo(1));
        Assert.That(App.Logged(66), Is.EqualTo(tooMany), "an error that an operator reads");
        Assert.That(Rows(QuarantineStore.Waiting), Is.Empty);
    }

    [Test]
    public void Many_unverified_ones_do_not_keep_what_is_authentic_waiting_however_long_they_take_to_count()
    {
        Account.Occupy(QuarantineStore.Unverified, QuarantineProcessor.MaxUnverified, QuarantineProcessor.MaxUnverified);
        Keep(SimulatedApp.Body("key"));
        ComeBackWith(SimulatedApp.Key);
        // Twenty pages: longer than storage is waited for in one try.
        App.OnTheWay = TimeSpan.FromMilliseconds(120);

        Process(App);

        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received));
        Assert.That(App.Measured.Last("point.requests.unverified"), Is.EqualTo(QuarantineProcessor.MaxUnverified));
    }

    [Test]
    public void What_is_authentic_is_accepted_also_where_the_unverified_ones_cannot_be_counted()
    {
        for (var i = 0; i < 5; i++)
        {
            Keep(SimulatedApp.Body($"key-{i}"));
            Keep(SimulatedApp.Body($"forged-{i}"), OtherKey);
        }

        ComeBackWith(SimulatedApp.Key);
        App.Faults = call =>
            call.Operation == StorageOperation.QueryEntities
            && call.Request.Query["$filter"].Contains(QuarantineStore.Unverified, StringComparison.Ordinal)
                ? Fault.Unavailable
                : Fault.None;

        Assert.That(() => Process(App), Throws.Exception, "and the run says so");

        Assert.That(Enumerable.Range(0, 5).Select(i => App.Find($"key-{i}")?.State), Is.All.EqualTo(EventState.Received));
        Assert.That(Rows(QuarantineStore.Waiting), Has.Count.EqualTo(5));
    }

    [Test]
    public void A_run_ends_within_the_minute_and_the_next_one_goes_on()
    {
        for (var i = 0; i < 60; i++)
            Keep(SimulatedApp.Body($"key-{i}"));
        ComeBackWith(SimulatedApp.Key);
        App.OnTheWay = TimeSpan.FromMilliseconds(300);
        var begun = Account.Now;

        Process(App);
        var taken = Account.Now - begun;
        var left = Rows(QuarantineStore.Waiting).Count;
        Assert.That(App.Measured.Last("point.requests.quarantined"), Is.EqualTo(left));
        Process(App);

        Assert.That(taken, Is.InRange(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(45)));
        Assert.That(left, Is.InRange(1, 59));
        Assert.That(Rows(QuarantineStore.Waiting), Has.Count.LessThan(left));
    }

    [TestCase(1, QuarantineProcessor.MaxUnverifiedBytes)]
    [TestCase(QuarantineProcessor.MaxUnverified - 1, QuarantineProcessor.MaxUnverifiedBytes / 2)]
    public void Of_two_of_one_run_one_is_kept_as_unverified_where_there_is_room_for_one(int kept, long bytes)
    {
        byte[][] bodies = [SimulatedApp.Body("key-0"), SimulatedApp.Body("key-1")];
        Account.Occupy(QuarantineStore.Unverified, kept, bytes - bodies[0].Length);
        foreach (var body in bodies)
            Keep(body);
        ComeBackWith(OtherKey);

        Process(App);

        Assert.That(
            App.Measured.Of("point.quarantine.processed").Select(one => one.Tags), Is.EqualTo(["result=unverified", "result=discarded"]));
        Assert.That(App.Measured.Last("point.requests.unverified"), Is.EqualTo(kept + 1));
        Assert.That(Rows(QuarantineStore.Waiting), Is.Empty);
        Assert.That(App.LogOf(66), Is.EqualTo([(
            LogLevel.Error,
            "1 quarantined requests match no signature key, and there was no room for more unverified ones. They are discarded.")]));
    }

    [Test]
    public void An_unverified_request_that_came_again_and_was_accepted_since_is_removed_and_no_second_event()
    {
        Keep(SimulatedApp.Body("key"));
        ComeBackWith(OtherKey);
        Process(App);
        Vendor.Key = SimulatedApp.Key;
        Account.Advance(TimeSpan.FromDays(3));
        Assert.That(App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"))).Kept!.Status, Is.EqualTo(KeptResponse.Accepted));

        Review();

        Assert.That(Rows(QuarantineStore.Unverified), Is.Empty);
        Assert.That(App.Measured.Sum("point.events.received"), Is.EqualTo(1));
    }

    [Test]
    public void It_stops_between_two_pages_when_the_app_stops([Values] bool isReview)
    {
        for (var i = 0; i < 60; i++)
            Keep(SimulatedApp.Body($"key-{i}"));
        ComeBackWith(isReview ? OtherKey : SimulatedApp.Key);
        if (isReview)
        {
            Process(App);
            Vendor.Key = SimulatedApp.Key;
            Account.Advance(TimeSpan.FromHours(2));
        }

        using var stopping = App.StopAt(StorageOperation.Transaction);
        var processor = App.Get<QuarantineProcessor>();

        Assert.That(
            () => App.Run(() => isReview ? processor.ReviewUnverifiedAsync(stopping.Token) : processor.RunAsync(stopping.Token)),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(
            Rows(isReview ? QuarantineStore.Unverified : QuarantineStore.Waiting), Has.Count.EqualTo(10), "what was begun is finished");
    }

    [Test]
    public void An_insert_that_storage_refuses_leaves_the_request_where_it_is()
    {
        Keep(SimulatedApp.Body("key"));
        ComeBackWith(SimulatedApp.Key);
        App.Faults = call => call.Operation == StorageOperation.Transaction ? Fault.Unavailable : Fault.None;
        Process(App);
        Assert.That(Rows(QuarantineStore.Waiting), Has.Count.EqualTo(1), "it is not settled");
        App.Faults = _ => Fault.None;

        Process(App);

        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received));
        Assert.That(Rows(QuarantineStore.Waiting), Is.Empty);
    }

    [Test]
    public void An_instance_that_dies_between_accepting_and_removing_makes_no_second_event()
    {
        Keep(SimulatedApp.Body("key"));
        ComeBackWith(SimulatedApp.Key);
        using var dying = new SimulatedApp(Account, Vendor);
        var transactions = 0;
        dying.Faults = call => call.Operation == StorageOperation.Transaction && transactions++ > 0 ? Fault.Hangs : Fault.None;
        var processing = dying.Begin(() => ProcessAsync(dying));
        Account.Advance(TimeSpan.FromSeconds(1));
        dying.Process.Kill();
        Assert.That(processing.IsCompleted, Is.False);
        Assert.That(Rows(QuarantineStore.Waiting), Has.Count.EqualTo(1));

        Process(App);

        Assert.That(App.Measured.Sum("point.quarantine.processed", "result=duplicate"), Is.EqualTo(1));
        Assert.That(Rows(QuarantineStore.Waiting), Is.Empty);
        Assert.That(Account.Storage.Queues.Messages(Queues.QueueNames.ProvisioningStarted), Has.Count.EqualTo(1));
    }
}
