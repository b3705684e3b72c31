using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using PointWebhooks.Operations;
using PointWebhooks.Receiving;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>What a request gets while there is no key, also when storage fails or more comes than fits.</summary>
internal sealed class QuarantineReceiptTests : QuarantineFixture
{
    [TestCase(StorageOperation.QueryEntities)]
    [TestCase(StorageOperation.Transaction)]
    public void What_storage_does_not_take_is_not_acknowledged(StorageOperation failing)
    {
        App.Faults = call => call.Operation == failing ? Fault.Unavailable : Fault.None;

        Assert.That(Receive(SimulatedApp.Body("key")).Refused, Is.EqualTo(Refusal.StorageUnavailable));

        Assert.That(App.LogOf(8), Is.EqualTo(
            [(LogLevel.Error, "A request could not be quarantined: storage failed. Its sender was answered 503.")]));
        Assert.That((App.LogOf(6).Count, App.Measured.Sum("point.quarantine.kept")), Is.EqualTo((0, 0d)));
        Assert.That(Rows(QuarantineStore.Waiting), Is.Empty);
    }

    [Test]
    public void A_ledger_that_is_being_deleted_has_kept_nothing()
    {
        Keep(SimulatedApp.Body("before"));
        Account.DeleteLedger(TimeSpan.FromMinutes(1));

        Assert.That(Receive(SimulatedApp.Body("key")).Refused, Is.EqualTo(Refusal.StorageUnavailable));
    }

    [Test]
    public void A_request_that_is_kept_and_whose_answer_is_lost_is_kept_once()
    {
        var lost = 0;
        App.Faults = call => call.Operation == StorageOperation.Transaction && lost++ == 0 ? Fault.AnswerLost : Fault.None;

        Assert.That(Receive(SimulatedApp.Body("key")).Kept!.Status, Is.EqualTo(KeptResponse.Quarantined));

        Assert.That(Rows(QuarantineStore.Waiting), Has.Count.EqualTo(1));
        Assert.That(App.LogOf(6), Is.EqualTo(
            [(LogLevel.Information, "The signature key is unavailable: requests are quarantined until they can be verified.")]));
    }

    [Test]
    public void A_flood_of_one_request_takes_the_room_of_one_is_counted_once_and_is_a_line_a_minute()
    {
        var body = SimulatedApp.Body("key");
        Account.Occupy(QuarantineStore.Waiting, 1, Quarantine.MaxBytes - (2 * body.Length));

        for (var i = 0; i < 100; i++)
            Assert.That(Receive(body).Kept!.Status, Is.EqualTo(KeptResponse.Quarantined));

        Assert.That(Receive(SimulatedApp.Body("kez")).Kept, Is.Not.Null, "there is room for an event");
        Assert.That((App.Measured.Sum("point.quarantine.kept"), App.LogOf(6).Count), Is.EqualTo((2d, 1)));
    }

    [Test]
    public void A_full_quarantine_refuses_is_unhealthy_and_has_room_again_when_it_is_settled()
    {
        Account.Put(new TableEntity("quarantine", QuarantineStore.Waiting + "0") { ["BodyLength"] = (int)Quarantine.MaxBytes });

        var answer = Receive(SimulatedApp.Body("key"));

        Assert.That(answer.Refused, Is.EqualTo(Refusal.KeyUnavailable));
        Assert.That(App.LogOf(7), Is.EqualTo([(
            LogLevel.Error,
            "The quarantine is full: 1 requests, 33554432 bytes. Requests are answered 503 until the signature key can be fetched.")]));
        Assert.That(App.Measured.Sum("point.requests.refused", "reason=key-unavailable"), Is.EqualTo(1));
        Assert.That(App.Run(() => App.Get<ReceiverHealth>().IsHealthyAsync()), Is.False);

        Account.Delete(new RowAddress("quarantine", QuarantineStore.Waiting + "0"));
        Account.Advance(TimeSpan.FromSeconds(5) + Instant);
        Assert.That(App.Run(() => App.Get<ReceiverHealth>().IsHealthyAsync()), Is.True);
        Assert.That(Receive(SimulatedApp.Body("key")).Kept, Is.Not.Null);
    }

    [TestCase(7)]
    [TestCase(8)]
    public void A_flood_that_a_full_quarantine_or_storage_refuses_is_a_line_a_minute(int line)
    {
        if (line == 7)
            Account.Put(new TableEntity("quarantine", QuarantineStore.Waiting + "0") { ["BodyLength"] = (int)Quarantine.MaxBytes });
        else
            App.Faults = _ => Fault.Unavailable;
        var lines = new List<int>();

        // The flood that storage refuses lasts up to five seconds.
        for (var seconds = 0; seconds <= 60; seconds += 30)
        {
            var requests = Enumerable.Range(0, 100).Select(i => App.Begin(() => App.ReceiveAsync(SimulatedApp.Body($"key-{i}")))).ToList();
            Assert.That(requests.ConvertAll(App.End).Select(answer => answer.Refused?.Status), Is.All.EqualTo(503));
            lines.Add(App.LogOf(line).Count);
            Account.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.That(lines, Is.EqualTo([1, 1, 2]));
    }
}
