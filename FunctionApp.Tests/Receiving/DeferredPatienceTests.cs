using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using PointWebhooks.Receiving;
using PointWebhooks.Signatures;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>For how long a request that was refused while the key changed may still be taken, and as what.</summary>
internal sealed class DeferredPatienceTests() : SimulatedAppTests(vendor: () => new SimulatedVendor())
{
    private const string NewKey = "11111111-aaaa-4bbb-8ccc-222222222222";
    private const string NextKey = "22222222-aaaa-4bbb-8ccc-222222222222";
    private const string Forged = "no key of anybody";

    [SetUp]
    public void Prepare()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("before")));
        for (var i = 0; i <= KeyFetcher.Reserve; i++)
            Assert.That(Receive(SimulatedApp.Body($"forged-{i}"), Forged).Refused, Is.EqualTo(Refusal.SignatureMismatch));
        Vendor.Key = NewKey;
    }

    [TestCase(4.4, true)]
    [TestCase(5.6, false)]
    public void It_waits_five_minutes_for_a_vendor_that_is_away(double minutes, bool isTaken)
    {
        Vendor.IsDown = true;
        Receive(SimulatedApp.Body("real"), NewKey);
        Account.Advance(TimeSpan.FromMinutes(minutes));
        Vendor.IsDown = false;

        Account.Advance(TimeSpan.FromMinutes(2));

        Assert.That(App.Find("real") is not null, Is.EqualTo(isTaken));
        Assert.That(App.Find("forged-5"), Is.Null);
    }

    [Test]
    public void It_is_received_when_it_came()
    {
        var came = Account.Now;
        Receive(SimulatedApp.Body("real"), NewKey);

        Account.Advance(TimeSpan.FromMinutes(2));

        Assert.That(App.Find("real")!.ReceivedAt, Is.EqualTo(came));
        Assert.That(App.LogOf(32).Single().Text, Is.EqualTo(
            "A request that was refused while the signature key changed is authentic: "
            + $"event {EventId.Of(SimulatedApp.Type, "real")} is accepted after all."));
    }

    [Test]
    public void Each_keeps_the_trace_that_it_came_with_and_not_that_of_the_one_before_it()
    {
        const string OfForgery = "11111111111111111111111111111111", OfEvent = "22222222222222222222222222222222";
        Receive(SimulatedApp.Body("forged"), Forged, OfForgery);
        Receive(SimulatedApp.Body("real"), NewKey, OfEvent);
        Receive(SimulatedApp.Body("without"), NewKey);

        Account.Advance(TimeSpan.FromMinutes(2));

        Assert.That(App.Find("real")!.TraceParent, Does.StartWith($"00-{OfEvent}-"));
        Assert.That(App.Find("without")!.TraceParent, Is.Null);
    }

    [TestCase(DeferredVerification.SmallBody, true)]
    [TestCase(DeferredVerification.SmallBody + 1, false)]
    public void Large_ones_get_half_of_the_room_and_what_is_just_small_enough_gets_the_rest(int length, bool isTaken)
    {
        // What is larger than 8 KiB fills its half, to the last bit of it.
        for (var i = 0; i < DeferredVerification.MaxBytes / 2 / 250_000; i++)
            Receive(BodyOf($"large-{i}", 250_000), Forged);
        for (var i = 0; i < 40; i++)
            Receive(BodyOf($"less large-{i}", DeferredVerification.SmallBody + 1), Forged);
        Receive(BodyOf("real", length), NewKey);

        Account.Advance(TimeSpan.FromMinutes(2));

        Assert.That(App.Find("real") is not null, Is.EqualTo(isTaken));
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void Large_ones_fill_their_half_to_the_byte_and_give_it_back(int tooMany, bool isTaken)
    {
        // What each costs beside its body, and what waits since the reserve was used up.
        const int Overhead = 256;
        const int Full = 31;
        var left = (DeferredVerification.MaxBytes / 2) - (Full * (BoundedBody.MaxLength + Overhead))
            - (SimulatedApp.Body("forged-5").Length + Overhead) - Overhead;
        foreach (var key in new[] { NewKey, NextKey })
        {
            Vendor.Key = key;
            for (var i = 0; i < Full; i++)
                Receive(BodyOf($"large-{i}", BoundedBody.MaxLength), Forged);
            Receive(BodyOf($"last of {key}", (int)left + tooMany), key);

            Account.Advance(TimeSpan.FromMinutes(10));

            Assert.That(App.Find($"last of {key}") is not null, Is.EqualTo(isTaken));
            for (var i = 0; i <= KeyFetcher.Reserve; i++)
                Receive(SimulatedApp.Body($"forged-{i}"), Forged);
        }
    }

    [Test]
    public void When_nothing_waits_any_more_nobody_is_asked()
    {
        Receive(SimulatedApp.Body("real"), NewKey);
        Account.Advance(TimeSpan.FromMinutes(2));
        var asked = Vendor.Asked;

        Account.Advance(TimeSpan.FromMinutes(30));

        Assert.That(Vendor.Asked, Is.EqualTo(asked));
    }

    [Test]
    public void What_comes_after_others_have_waited_in_vain_is_taken()
    {
        Vendor.IsDown = true;
        Receive(SimulatedApp.Body("too early"), NewKey);
        Account.Advance(TimeSpan.FromMinutes(7));
        Receive(SimulatedApp.Body("real"), NewKey);
        Vendor.IsDown = false;

        Account.Advance(TimeSpan.FromMinutes(2));

        Assert.That((App.Find("too early") is not null, App.Find("real") is not null), Is.EqualTo((false, true)));
    }

    [TestCase(4, true)]
    [TestCase(6, false)]
    public void What_is_authentic_is_accepted_as_soon_as_storage_takes_it_within_five_minutes(int minutes, bool isTaken)
    {
        var came = Account.Now;
        Receive(SimulatedApp.Body("real"), NewKey);
        App.Faults = TablesAway;
        Account.Advance(TimeSpan.FromMinutes(minutes));
        App.Faults = _ => Fault.None;

        Account.Advance(TimeSpan.FromMinutes(1));

        Assert.That(App.Find("real")?.ReceivedAt, Is.EqualTo(isTaken ? came : default(DateTimeOffset?)));
        Assert.That((App.Logged(32), App.Logged(33)), Is.EqualTo(isTaken ? (1, 0) : (0, 1)));
    }

    [Test]
    public void What_storage_does_not_take_is_given_up_with_an_error_and_holds_back_nothing_that_comes_later()
    {
        Receive(SimulatedApp.Body("real"), NewKey);
        App.Faults = TablesAway;
        Account.Advance(TimeSpan.FromMinutes(6));
        App.Faults = _ => Fault.None;
        Assert.That(App.LogOf(33), Is.EqualTo([(
            LogLevel.Error, "A request that was refused while the signature key changed is authentic, and could not be accepted.")]));
        for (var i = 0; i <= KeyFetcher.Reserve; i++)
            Receive(SimulatedApp.Body($"forged-{i}"), Forged);
        Vendor.Key = NextKey;
        Assert.That(Receive(SimulatedApp.Body("later"), NextKey).Refused, Is.EqualTo(Refusal.SignatureMismatch));

        Account.Advance(TimeSpan.FromMinutes(2));

        Assert.That((App.Find("real") is not null, App.Find("later") is not null), Is.EqualTo((false, true)));
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void What_storage_does_not_take_yet_takes_its_room_until_it_does(int tooMany, bool isTaken)
    {
        const int Overhead = 256;
        const int Full = 30;
        Receive(BodyOf("real", BoundedBody.MaxLength), NewKey);
        App.Faults = TablesAway;
        Account.Advance(TimeSpan.FromMinutes(1));
        var left = (DeferredVerification.MaxBytes / 2) - ((Full + 1) * (BoundedBody.MaxLength + Overhead)) - Overhead;
        var (forged, last) = (new byte[BoundedBody.MaxLength], BodyOf("last", (int)left + tooMany));

        App.Run(() =>
        {
            var deferred = App.Get<DeferredVerification>();
            for (var i = 0; i < Full; i++)
                deferred.Take(new ParsedSignature(HashAlgorithmName.SHA256, new byte[32]), forged);
            deferred.Take(
                new ParsedSignature(HashAlgorithmName.SHA256, HMACSHA256.HashData(Encoding.UTF8.GetBytes(NewKey), last)), last);
            return Task.CompletedTask;
        });
        App.Faults = _ => Fault.None;
        Account.Advance(TimeSpan.FromMinutes(2));

        Assert.That((App.Find("real") is not null, App.Find("last") is not null), Is.EqualTo((true, isTaken)));
    }

    private static Fault TablesAway(StorageCall call) =>
        call.Operation == StorageOperation.Transaction ? Fault.Unavailable : Fault.None;

    private static byte[] BodyOf(string key, int length)
    {
        var body = SimulatedApp.Body(key);
        var written = body.Length;
        Array.Resize(ref body, length);
        body.AsSpan(written).Fill((byte)' ');
        return body;
    }

    private ReceiveResult Receive(byte[] body, string key, string? trace = null) => App.Run(async () =>
    {
        using var request = trace is null ? null : new Activity("request").SetParentId($"00-{trace}-3333333333333333-01").Start();
        return await App.ReceiveAsync(body, key);
    });
}
