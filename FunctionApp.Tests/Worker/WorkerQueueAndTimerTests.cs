using PointWebhooks.Tests.Worker.Hosting;
using PointWebhooks.Tests.Worker.Protocol;

namespace PointWebhooks.Tests.Worker;

/// <summary>Invocations by the host's queue and timer listeners.</summary>
internal sealed class WorkerQueueAndTimerTests
{
    // Its own: what is held or refused here would be so for others.
    private WorkerApp app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => app = await WorkerApp.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await app.DisposeAsync();

    [TestCase("ProvisioningCompleted", "ProcessProvisioningCompleted")]
    [TestCase("SomethingNew", "ProcessUnknownEvent")]
    public async Task An_accepted_event_is_completed_by_the_function_of_its_queue(string type, string function)
    {
        var key = $"worker-queue-{type}";
        await app.AcceptAsync(type, key);

        var result = await app.Host.ProcessAsync(function, app.Storage, key);

        Assert.That(result.Status, Is.EqualTo(StatusResult.Types.Status.Success), result.Exception?.Message);
        Assert.That(await app.StateAsync(key), Is.EqualTo("Completed"));
    }

    [Test]
    public async Task A_timer_registers_the_endpoint()
    {
        var result = await app.Host.InvokeAsync(app.Host.Tick("RegisterEndpoint"));

        Assert.That(result.Status, Is.EqualTo(StatusResult.Types.Status.Success), result.Exception?.Message);
        Assert.That(app.Point.Endpoints.Keys, Is.EqualTo(["http://127.0.0.1:7071/api/webhooks/point"]));
    }

    [Test]
    public async Task The_exception_of_a_function_that_fails_reaches_the_host()
    {
        app.Point.Answer = _ => Microsoft.AspNetCore.Http.Results.StatusCode(403);
        try
        {
            var result = await app.Host.InvokeAsync(app.Host.Tick("RegisterEndpoint"));

            Assert.That(result.Status, Is.EqualTo(StatusResult.Types.Status.Failure));
            Assert.That(result.Exception.IsUserException, Is.True);
            Assert.That(result.Exception.Type, Does.EndWith(".PointApiException"));
            Assert.That(result.Exception.Message, Does.Contain("403"));
            Assert.That(result.Exception.StackTrace, Is.Not.Empty);
        }
        finally
        {
            app.Point.Answer = _ => null;
        }
    }

    [Test]
    public async Task A_cancelled_invocation_ends_and_its_event_is_left_for_the_next_message()
    {
        await app.AcceptAsync("ProvisioningStarted", "worker-cancelled");
        var message = await app.Host.ReceiveAsync("ProcessProvisioningStarted", app.Storage, "worker-cancelled");
        var invocation = app.Host.Invocation("ProcessProvisioningStarted", message);
        StatusResult cancelled;
        using (var hold = app.HoldAt("claim.before"))
        {
            var running = app.Host.InvokeAsync(invocation);
            await hold.ArrivedAsync(running);
            app.Host.Cancel(invocation.InvocationId);
            hold.LetGo();
            cancelled = await running;
        }

        Assert.That(await app.StateAsync("worker-cancelled"), Is.EqualTo("Received"), "the claim was given back");
        var again = await app.Host.InvokeAsync(app.Host.Invocation("ProcessProvisioningStarted", message));

        Assert.That(cancelled.Status, Is.Not.EqualTo(StatusResult.Types.Status.Success));
        Assert.That(cancelled.Exception.Type, Does.EndWith("CanceledException"));
        Assert.That(again.Status, Is.EqualTo(StatusResult.Types.Status.Success), again.Exception?.Message);
        Assert.That(await app.StateAsync("worker-cancelled"), Is.EqualTo("Completed"));
        Assert.That((await app.EventAsync("worker-cancelled")).GetProperty("attempts").GetInt32(), Is.Zero, "no attempt");
    }
}
