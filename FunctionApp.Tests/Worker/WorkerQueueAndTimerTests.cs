using PointWebhooks.Simulator;
using PointWebhooks.Tests.Worker.Hosting;
using PointWebhooks.Tests.Worker.Protocol;

namespace PointWebhooks.Tests.Worker;

/// <summary>Invocations by the host's queue and timer listeners.</summary>
internal sealed class WorkerQueueAndTimerTests : WorkerTests
{
    [TestCase("ProvisioningCompleted", "ProcessProvisioningCompleted")]
    [TestCase("SomethingNew", "ProcessUnknownEvent")]
    public async Task An_accepted_event_is_completed_by_the_function_of_its_queue(string type, string function)
    {
        var key = $"worker-queue-{type}";
        await App.AcceptAsync(type, key);

        var result = await App.Host.ProcessAsync(function, App.Storage, key);

        Assert.That(result.Status, Is.EqualTo(StatusResult.Types.Status.Success), result.Exception?.Message);
        Assert.That(await App.StateAsync(key), Is.EqualTo("Completed"));
    }

    [Test]
    public async Task A_timer_registers_the_endpoint()
    {
        var result = await App.Host.InvokeAsync(App.Host.Tick("RegisterEndpoint"));

        Assert.That(result.Status, Is.EqualTo(StatusResult.Types.Status.Success), result.Exception?.Message);
        Assert.That(App.Point.Endpoints.Keys, Is.EqualTo(["http://127.0.0.1:7071/api/webhooks/point"]));
    }

    [Test]
    public async Task The_exception_of_a_function_that_fails_reaches_the_host()
    {
        App.Point.Answer = _ => Microsoft.AspNetCore.Http.Results.StatusCode(403);
        try
        {
            var result = await App.Host.InvokeAsync(App.Host.Tick("RegisterEndpoint"));

            Assert.That(result.Status, Is.EqualTo(StatusResult.Types.Status.Failure));
            Assert.That(result.Exception.IsUserException, Is.True);
            Assert.That(result.Exception.Type, Does.EndWith(".PointApiException"));
            Assert.That(result.Exception.Message, Does.Contain("403"));
            Assert.That(result.Exception.StackTrace, Is.Not.Empty);
        }
        finally
        {
            App.Point.Answer = _ => null;
        }
    }

    [Test]
    public async Task A_cancelled_invocation_ends_and_its_event_is_left_for_the_next_message()
    {
        var held = "";
        InvocationRequest invocation = null!;
        StatusResult cancelled;
        using (var hold = App.HoldAt("claim.before"))
        {
            var running = await hold.ArrivedAsync(async key =>
            {
                await App.AcceptAsync("ProvisioningStarted", held = $"worker-{key}");
                var message = await App.Host.ReceiveAsync("ProcessProvisioningStarted", App.Storage, held);
                return App.Host.InvokeAsync(invocation = App.Host.Invocation("ProcessProvisioningStarted", message));
            });
            App.Host.Cancel(invocation.InvocationId);
            // The worker takes its messages up in no order; by the time that it has answered another it knows of this one.
            using (await App.PostAsync(SampleEvents.Body("ProvisioningStarted", "forged"), key: "not the key"))
            {
            }

            hold.LetGo();
            cancelled = await running;
        }

        Assert.That(await App.StateAsync(held), Is.EqualTo("Received"), "the claim was given back");
        invocation.InvocationId = Guid.NewGuid().ToString();
        var again = await App.Host.InvokeAsync(invocation);

        Assert.That(cancelled.Status, Is.Not.EqualTo(StatusResult.Types.Status.Success));
        Assert.That(cancelled.Exception.Type, Does.EndWith("CanceledException"));
        Assert.That(again.Status, Is.EqualTo(StatusResult.Types.Status.Success), again.Exception?.Message);
        Assert.That(await App.StateAsync(held), Is.EqualTo("Completed"));
        Assert.That((await App.EventAsync(held)).GetProperty("attempts").GetInt32(), Is.Zero, "no attempt");
    }
}
