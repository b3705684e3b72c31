using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Receiving;
using PointWebhooks.Signatures;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>Quarantined requests when storage fails half-way or the key changes.</summary>
internal sealed class QuarantineFaultTests : QuarantineFixture
{
    [Test]
    public void Nothing_is_settled_while_the_key_is_away_and_nothing_counts_as_settled()
    {
        Keep(SimulatedApp.Body("key"));
        Account.Advance(TimeSpan.FromDays(1));

        Process();

        Assert.That(Rows(QuarantineStore.Waiting), Has.Count.EqualTo(1));
        Assert.That(App.Measured.Sum("point.quarantine.processed"), Is.Zero);
        Assert.That((App.Measured.Last("point.requests.quarantined"), App.Measured.Last("point.requests.unverified")), Is.EqualTo((1d, 0d)));
    }

    [Test]
    public void An_event_that_waited_is_as_old_as_its_receipt_and_is_picked_up_from_its_admission_on()
    {
        var received = Account.Now;
        Keep(SimulatedApp.Body("key"));
        Account.Advance(TimeSpan.FromHours(3));
        ComeBackWith(SimulatedApp.Key);

        Process();

        var found = App.Find("key")!;
        Assert.That(found.ReceivedAt - received, Is.LessThan(TimeSpan.FromSeconds(1)));
        Assert.That(found.CheckAt - Account.Now, Is.EqualTo(EventLedger.PickUpTime).Within(TimeSpan.FromSeconds(1)));
        Assert.That(App.Measured.Of("point.quarantine.processed"), Is.EqualTo([(1d, "result=accepted")]));
        Assert.That((App.Measured.Last("point.requests.quarantined"), App.Measured.Last("point.requests.unverified")), Is.EqualTo((0d, 0d)));
    }

    [TestCase("SHA384")]
    [TestCase("SHA512")]
    public void A_request_is_verified_by_the_algorithm_that_it_came_with(string hash)
    {
        var body = SimulatedApp.Body("key");
        var value = new byte[SignatureAlgorithms.HashSize(new HashAlgorithmName(hash))];
        CryptographicOperations.HmacData(new HashAlgorithmName(hash), Encoding.UTF8.GetBytes(SimulatedApp.Key), body, value);
        App.Run(() => App.ReceiveAsync(body, headers =>
            (headers["Signature"], headers["Algorithm"]) = (Convert.ToBase64String(value), hash)));
        ComeBackWith(SimulatedApp.Key);

        Process();

        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received));
    }

    [Test]
    public void Every_page_is_settled()
    {
        for (var i = 0; i < 120; i++)
            Keep(SimulatedApp.Body($"key-{i}"), i % 2 == 0 ? SimulatedApp.Key : OtherKey);
        ComeBackWith(SimulatedApp.Key);

        Process();

        Assert.That(Rows(QuarantineStore.Waiting), Is.Empty);
        Assert.That(Rows(QuarantineStore.Unverified), Has.Count.EqualTo(60));
        Assert.That(Enumerable.Range(0, 120).Count(i => App.Find($"key-{i}") is not null), Is.EqualTo(60));
        Assert.That(App.Measured.Last("point.requests.unverified"), Is.EqualTo(60));

        Vendor.Key = OtherKey;
        Account.Advance(TimeSpan.FromHours(2));
        Review();
        Assert.That(Rows(QuarantineStore.Unverified), Is.Empty);
        Assert.That(Enumerable.Range(0, 120).Count(i => App.Find($"key-{i}") is not null), Is.EqualTo(120));
    }

    [Test]
    public void A_request_that_was_signed_with_the_key_before_the_change_is_accepted_for_a_day_after_it([Values(23, 25)] int hours)
    {
        Keep(SimulatedApp.Body("key"));
        ComeBackWith(SimulatedApp.Key);
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("before")));
        Vendor.Key = OtherKey;
        Assert.That(App.Run(() => App.ReceiveAsync(SimulatedApp.Body("after"), OtherKey)).Kept, Is.Not.Null);
        Account.Advance(TimeSpan.FromHours(hours));

        Process();

        Assert.That(App.Find("key") is not null, Is.EqualTo(hours < 24));
        Assert.That(Rows(QuarantineStore.Unverified), Has.Count.EqualTo(hours < 24 ? 0 : 1), "and else it is kept");
    }

    [Test]
    public void What_a_key_of_before_its_receipt_does_not_match_is_undecided_and_waits()
    {
        Vendor.AnswerTime = TimeSpan.Zero;
        ComeBackWith(SimulatedApp.Key);
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("before")));
        Account.Advance(Instant);
        using var away = new SimulatedApp(Account, new SimulatedVendor { IsDown = true });
        Assert.That(away.Run(() => away.ReceiveAsync(SimulatedApp.Body("key"), OtherKey)).Kept!.Status, Is.EqualTo(KeptResponse.Quarantined));
        Vendor.IsDown = true;

        Process();
        Assert.That(Rows(QuarantineStore.Waiting), Has.Count.EqualTo(1), "the key may have changed since");

        Vendor.IsDown = false;
        Account.Advance(KeyFetcher.Throttle);
        Process();
        Assert.That(Rows(QuarantineStore.Waiting), Is.Empty);
        Assert.That(Rows(QuarantineStore.Unverified), Has.Count.EqualTo(1));
    }

    [Test]
    public void What_a_key_fetched_at_its_receipt_or_later_does_not_match_is_decided_without_another_question()
    {
        Vendor.AnswerTime = TimeSpan.Zero;
        Keep(SimulatedApp.Body("key"), OtherKey);
        ComeBackWith(SimulatedApp.Key);
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("after")));
        for (var i = 0; i <= KeyFetcher.Reserve; i++)
            App.Run(() => App.ReceiveAsync(SimulatedApp.Body($"forged-{i}"), "no key of anybody"));
        var asked = Vendor.Asked;

        Process();

        Assert.That(Rows(QuarantineStore.Unverified), Has.Count.EqualTo(1));
        Assert.That(Vendor.Asked, Is.EqualTo(asked));
        Assert.That(App.LogOf(65).Single(), Is.EqualTo((
            LogLevel.Warning,
            "1 quarantined requests match no signature key. They are kept as unverified for 7 days.")));
    }

    [Test]
    public void A_move_whose_answer_is_lost_moves_the_request_once()
    {
        Keep(SimulatedApp.Body("key"), OtherKey);
        ComeBackWith(SimulatedApp.Key);
        var lost = 0;
        App.Faults = call => call.Operation == StorageOperation.Transaction && lost++ == 0 ? Fault.AnswerLost : Fault.None;

        Process();

        Assert.That((Rows(QuarantineStore.Waiting).Count, Rows(QuarantineStore.Unverified).Count), Is.EqualTo((0, 1)));
        Assert.That(App.Measured.Of("point.quarantine.processed"), Is.EqualTo([(1d, "result=unverified")]));
    }

    [Test]
    public void Storage_that_fails_ends_the_run_and_the_next_one_goes_on()
    {
        for (var i = 0; i < 5; i++)
            Keep(SimulatedApp.Body($"key-{i}"));
        ComeBackWith(SimulatedApp.Key);
        var transactions = 0;
        // The first is accepted and removed, the second is refused.
        App.Faults = call => call.Operation == StorageOperation.Transaction && transactions++ >= 2 ? Fault.Unavailable : Fault.None;
        Process();
        Assert.That(Rows(QuarantineStore.Waiting), Has.Count.EqualTo(4));
        Assert.That(App.Measured.Instruments, Does.Not.Contain("point.requests.quarantined"), "how many wait is not known");
        App.Faults = _ => Fault.None;

        Process();

        Assert.That(Rows(QuarantineStore.Waiting), Is.Empty);
        Assert.That(Enumerable.Range(0, 5).Select(i => App.Find($"key-{i}")?.State), Is.All.EqualTo(EventState.Received));
    }

    [Test]
    public void What_was_refused_is_said_also_where_storage_ends_the_run_behind_it()
    {
        Keep(SimulatedApp.Body("key"));
        var authentic = Rows(QuarantineStore.Waiting)[0];
        for (var i = 0; Rows(QuarantineStore.Waiting)[0] == authentic; i++)
            Keep(SimulatedApp.Body($"forged-{i}"), OtherKey);
        ComeBackWith(SimulatedApp.Key);
        App.Faults = call => call.Operation == StorageOperation.Transaction && !IsRemoval(call) ? Fault.Unavailable : Fault.None;

        Process();

        Assert.That(Rows(QuarantineStore.Waiting), Does.Contain(authentic));
        Assert.That(App.LogOf(65), Has.Count.EqualTo(1));
    }

    [Test]
    public void What_could_not_be_removed_is_counted_when_it_is()
    {
        Keep(SimulatedApp.Body("key"));
        ComeBackWith(SimulatedApp.Key);
        App.Faults = call => call.Operation == StorageOperation.Transaction && IsRemoval(call) ? Fault.Unavailable : Fault.None;
        Assert.That(Process, Throws.Exception);
        Assert.That(App.Measured.Of("point.quarantine.processed"), Is.Empty);
        App.Faults = _ => Fault.None;

        Process();

        Assert.That(App.Measured.Of("point.quarantine.processed"), Is.EqualTo([(1d, "result=duplicate")]));
    }

    [Test]
    public void An_authentic_request_is_not_removed_for_its_age_because_storage_refuses_its_insert()
    {
        Keep(SimulatedApp.Body("key"));
        ComeBackWith(OtherKey);
        Process();
        Account.Advance(QuarantineProcessor.UnverifiedLifetime);
        Vendor.Key = SimulatedApp.Key;
        // The insert alone is refused; a removal would go through.
        App.Faults = call => call.Operation == StorageOperation.Transaction && !IsRemoval(call) ? Fault.Unavailable : Fault.None;

        Review();

        Assert.That(Rows(QuarantineStore.Unverified), Has.Count.EqualTo(1), "it is authentic, and was acknowledged");
        App.Faults = _ => Fault.None;
        Review();
        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received));
        Assert.That(Rows(QuarantineStore.Unverified), Is.Empty);
        Assert.That(App.Logged(67), Is.Zero, "it was accepted, not removed");
    }

    [Test]
    public void A_row_that_cannot_be_read_stops_nothing()
    {
        Account.Put(new TableEntity("quarantine", QuarantineStore.Waiting + "0") { ["BodyLength"] = 5 });
        Account.Put(new TableEntity("quarantine", QuarantineStore.Waiting + "1") { ["Hash"] = "SHA256", ["Signature"] = new byte[32], ["ReceivedAt"] = Account.Now, ["BodyLength"] = "many" });
        Account.Put(new TableEntity("quarantine", QuarantineStore.Waiting + "2") { ["Hash"] = "SHA256", ["Signature"] = new byte[65], ["ReceivedAt"] = Account.Now, ["Body"] = new byte[1], ["BodyLength"] = 1 });
        Keep(SimulatedApp.Body("key"));
        ComeBackWith(SimulatedApp.Key);

        Process();
        Process();

        Assert.That(App.Find("key")!.State, Is.EqualTo(EventState.Received));
        Assert.That(Rows(QuarantineStore.Waiting), Has.Count.EqualTo(3));
        Assert.That(App.LogOf(35), Is.EqualTo(Rows(QuarantineStore.Waiting).Select(row => (
            LogLevel.Error, $"This version cannot read the quarantined request '{row}'; it stays in the quarantine."))), "once");
    }

    private static bool IsRemoval(StorageCall call) => !Encoding.UTF8.GetString(call.Request.Body.Span).Contains("IdempotencyKey", StringComparison.Ordinal);
}
