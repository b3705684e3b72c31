using System.Security.Cryptography;
using PointWebhooks.Ledger;
using PointWebhooks.Receiving;
using PointWebhooks.Signatures;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>Requests that are refused while the signature key changes, under a flood of forgeries.</summary>
internal sealed class DeferredVerificationTests() : SimulatedAppTests(vendor: () => new SimulatedVendor())
{
    private const string NewKey = "11111111-aaaa-4bbb-8ccc-222222222222";
    private const string Forged = "no key of anybody";

    [SetUp]
    public void Prepare()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("before")));
    }

    [TestCase(1)]
    [TestCase(50)]
    public void No_event_is_lost_when_the_key_changes_under_a_flood_of_forgeries(int forgeriesPerSecond)
    {
        const int Seconds = 60;
        for (var second = 0; second < Seconds; second++)
        {
            if (second == 20)
                Vendor.Key = NewKey;
            for (var i = 0; i < forgeriesPerSecond; i++)
                Send(SimulatedApp.Body($"forged-{second}-{i}"), Forged, TimeSpan.FromSeconds(1) / forgeriesPerSecond * i);
            for (var i = 0; i < 2; i++)
                Send(SimulatedApp.Body($"real-{second}-{i}"), Vendor.Key, TimeSpan.FromSeconds(0.5) * i);
            Account.Advance(TimeSpan.FromSeconds(1));
        }

        Account.Advance(TimeSpan.FromMinutes(1));

        var lost = Enumerable.Range(0, Seconds).SelectMany(second => new[] { $"real-{second}-0", $"real-{second}-1" })
            .Where(key => App.Find(key) is null);
        Assert.That(lost, Is.Empty);
        Assert.That(App.Find("forged-40-0"), Is.Null);
        Assert.That(Vendor.Asked, Is.InRange(2, 12), "forgeries do not drive calls to the vendor");
    }

    [Test]
    public void Large_forgeries_do_not_crowd_out_events()
    {
        UseUpReserve();
        for (var i = 0; i < 100; i++)
            Send(SimulatedApp.Body($"large-{i}", name: new string('x', 250_000)), Forged);
        Vendor.Key = NewKey;
        Send(SimulatedApp.Body("large", name: new string('y', 250_000)), NewKey);
        Send(SimulatedApp.Body("real"), NewKey);

        Account.Advance(TimeSpan.FromMinutes(2));

        Assert.That(App.Find("real")!.State, Is.EqualTo(EventState.Received));
        Assert.That(App.Find("large"), Is.Null, "what is large has half of the room, and that was full");
    }

    [TestCase(1, true)]
    [TestCase(0, false)]
    public void As_many_requests_wait_as_the_bound_says_and_not_one_more(int room, bool isKept)
    {
        UseUpReserve();
        var waiting = new ParsedSignature(HashAlgorithmName.SHA256, new byte[32]);
        var before = App.Logged(32);
        Vendor.Key = NewKey;
        App.Run(() =>
        {
            // Those of before wait, too.
            for (var i = WaitingAfterReserve; i < DeferredVerification.MaxRequests - room; i++)
                App.Get<DeferredVerification>().Take(waiting, "{}"u8.ToArray());
            return Task.CompletedTask;
        });
        Send(SimulatedApp.Body("real"), NewKey);

        Account.Advance(TimeSpan.FromMinutes(2));

        Assert.That(App.Find("real") is not null, Is.EqualTo(isKept));
        Assert.That(App.Logged(32) - before, Is.EqualTo(isKept ? 1 : 0));
    }

    // One forgery of each test waits after the reserve of questions to the vendor is used up.
    private const int WaitingAfterReserve = 1;

    private void UseUpReserve()
    {
        for (var i = 0; i <= KeyFetcher.Reserve; i++)
        {
            Send(SimulatedApp.Body($"forged-{i}"), Forged);
            Account.Advance(TimeSpan.FromSeconds(0.2));
        }
    }

    private void Send(byte[] body, string key, TimeSpan delay = default) => App.Begin(async () =>
    {
        await Task.Delay(delay, App.Time);
        return await App.ReceiveAsync(body, key);
    });
}
