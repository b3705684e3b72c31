using System.Net;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>A worker that is told to stop while it works.</summary>
public sealed class WorkerShutdownTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task A_receipt_that_is_under_way_at_SIGTERM_is_answered()
    {
        await using var app = await WorkerApp.StartAsync();
        using var hold = app.HoldAt("insert.before");

        var receiving = app.PostAsync(SampleEvents.Body("ProvisioningStarted", "stopping"));
        await hold.Arrived;
        app.Host.Process.Terminate();
        hold.LetGo();

        using var response = await receiving;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await app.Host.Process.Exited.WaitAsync(Patience), Is.Zero);
    }

    [Test]
    public async Task An_event_whose_handlers_run_at_SIGTERM()
    {
        await using var app = await WorkerApp.StartAsync();
        using var accepted = await app.PostAsync(SampleEvents.Body("ProvisioningStarted", "stopping"));
        var message = await app.Host.ReceiveAsync("ProcessProvisioningStarted", app.Storage, "stopping");
        using var hold = app.HoldAt("complete.before");

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var processing = app.Host.InvokeAsync(app.Host.Invocation("ProcessProvisioningStarted", message));
        await hold.Arrived;
        app.Host.Process.Terminate();
        TestContext.Out.WriteLine($"{watch.Elapsed}");
        var first = await Task.WhenAny(app.Host.Process.Exited, Task.Delay(8000));
        TestContext.Out.WriteLine($"exited {first.GetType()} {watch.Elapsed}");
        hold.LetGo();
        try { TestContext.Out.WriteLine($"{await processing} {watch.Elapsed}"); } catch (Exception e) { TestContext.Out.WriteLine(e.ToString()); }
        TestContext.Out.WriteLine($"{await app.Host.Process.Exited} {watch.Elapsed} {app.Host.Process.Error}");
    }
}
