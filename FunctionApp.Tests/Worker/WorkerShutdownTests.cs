using System.Net;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;
using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>A worker that is to stop while it works: by SIGTERM, or because its host stops.</summary>
internal sealed class WorkerShutdownTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_receipt_that_is_under_way_is_answered(bool isSignalled)
    {
        await using var app = await WorkerApp.StartAsync();
        using var hold = app.HoldAt("insert.before");
        var receiving = await hold.ArrivedAsync(key => Task.FromResult(app.PostAsync(SampleEvents.Body("ProvisioningStarted", key))));

        await StopAsync(app, isSignalled);
        hold.LetGo();

        using var response = await receiving;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await app.Host.Process.Exited.WaitAsync(WorkerHost.Patience), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_event_whose_handlers_have_run_is_completed(bool isSignalled)
    {
        await using var app = await WorkerApp.StartAsync();
        using var hold = app.HoldAt("complete.before");
        await hold.ArrivedAsync(async key =>
        {
            await app.AcceptAsync("ProvisioningStarted", key);
            var message = await app.Host.ReceiveAsync("ProcessProvisioningStarted", app.Storage, key);
            return app.Host.InvokeAsync(app.Host.Invocation("ProcessProvisioningStarted", message));
        });

        await StopAsync(app, isSignalled);
        hold.LetGo();

        Assert.That(await app.Host.Process.Exited.WaitAsync(WorkerHost.Patience), Is.Zero);
        // Held longer than a try may take, it is tried twice.
        Assert.That(app.Steps.Count("complete.after"), Is.AtLeast(1), "or the event would stay claimed until its lease ends");
    }

    private static Task StopAsync(WorkerApp app, bool isSignalled)
    {
        if (isSignalled)
            app.Host.Process.Terminate();
        else
            app.Host.TerminateWorker();
        return Eventually.TrueAsync(
            () => app.Host.Process.Exited.IsCompleted || IsStopping(app),
            "the worker stops");
    }

    private static bool IsStopping(WorkerApp app) =>
        app.Host.Logs.Any(log => log.Message.StartsWith("Stopping. Waiting for ", StringComparison.Ordinal));
}
