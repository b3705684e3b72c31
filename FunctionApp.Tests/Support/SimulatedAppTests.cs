using Microsoft.Extensions.DependencyInjection;

namespace PointWebhooks.Tests.Support;

/// <summary>Tests of one instance of the app on an account of its own, both new for each test.</summary>
/// <param name="configure">Adds services to the app.</param>
internal abstract class SimulatedAppTests(Action<IServiceCollection>? configure = null)
{
    protected SimulatedAccount Account { get; private set; } = null!;

    protected SimulatedApp App { get; private set; } = null!;

    [SetUp]
    public void Start()
    {
        Account = new SimulatedAccount();
        App = new SimulatedApp(Account, configure: configure);
    }

    [TearDown]
    public void Stop() => App.Dispose();
}
