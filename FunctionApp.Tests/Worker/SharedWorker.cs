using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>One worker for all tests that leave it as it was: starting the process is what takes time.</summary>
[SetUpFixture]
[Parallelizable]
internal sealed class SharedWorker
{
    private static WorkerApp? app;

    /// <summary>The worker.</summary>
    public static WorkerApp App => app ?? throw new InvalidOperationException("The worker is not started.");

    [OneTimeSetUp]
    public static async Task StartAsync() => app = await WorkerApp.StartAsync();

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
    }
}
