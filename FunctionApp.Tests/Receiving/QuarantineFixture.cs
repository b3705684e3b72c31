using PointWebhooks.Receiving;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>Tests of the quarantine: an app whose vendor, and so the signature key, is away at first.</summary>
internal abstract class QuarantineFixture() : SimulatedAppTests(vendor: () => new SimulatedVendor { IsDown = true })
{
    /// <summary>A key that is not the vendor's.</summary>
    protected const string OtherKey = "11111111-aaaa-4bbb-8ccc-222222222222";

    /// <summary>What lies between the two sides of a boundary.</summary>
    protected static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    protected static void Process(SimulatedApp instance) => instance.Run(() => ProcessAsync(instance));

    protected static async Task<bool> ProcessAsync(SimulatedApp instance)
    {
        await instance.Get<QuarantineProcessor>().RunAsync(CancellationToken.None);
        return true;
    }

    protected void Process() => Process(App);

    protected void Review() => App.Run(() => App.Get<QuarantineProcessor>().ReviewUnverifiedAsync(CancellationToken.None));

    protected ReceiveResult Receive(byte[] body, string key = SimulatedApp.Key) => App.Run(() => App.ReceiveAsync(body, key));

    protected void Keep(byte[] body, string key = SimulatedApp.Key) =>
        Assert.That(Receive(body, key).Kept?.Status, Is.EqualTo(KeptResponse.Quarantined));

    /// <summary>The keys of the rows under a prefix.</summary>
    protected List<string> Rows(string prefix) =>
    [
        .. Account.Storage.Tables.Entities(PointTable.Name).Select(row => row.Key.Row)
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal)),
    ];
}
