using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Signatures;

namespace PointWebhooks.Tests.Support;

/// <summary>Tests of one instance of the app on an account of its own, both new for each test.</summary>
/// <param name="configure">Adds services to the app.</param>
/// <param name="vendor">Makes the vendor that the app fetches its key from; without one it has the key in its settings.</param>
internal abstract class SimulatedAppTests(Action<IServiceCollection>? configure = null, Func<SimulatedVendor>? vendor = null)
{
    protected SimulatedAccount Account { get; private set; } = null!;

    /// <summary>The vendor, where the fixture has one.</summary>
    protected SimulatedVendor Vendor { get; private set; } = null!;

    protected SimulatedApp App { get; private set; } = null!;

    [SetUp]
    public void Start()
    {
        Account = new SimulatedAccount();
        if (vendor is not null)
            Vendor = vendor();
        App = new SimulatedApp(Account, Vendor, configure: configure);
    }

    /// <summary>The vendor is there again, with a key, and may be asked for it.</summary>
    protected void ComeBackWith(string key)
    {
        (Vendor.IsDown, Vendor.Key) = (false, key);
        Account.Advance(KeyFetcher.Throttle);
    }

    [TearDown]
    public void Stop() => App.Dispose();
}
