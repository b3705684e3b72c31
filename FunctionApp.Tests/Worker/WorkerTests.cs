using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>Tests of one worker process: starting it is what takes time.</summary>
internal abstract class WorkerTests
{
    protected WorkerApp App { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => App = await WorkerApp.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await App.DisposeAsync();
}
