using System.Net;
using Azure.Storage.Queues.Models;
using PointWebhooks.Tests.Functions;
using PointWebhooks.Tests.Worker.Hosting;
using PointWebhooks.Tests.Worker.Protocol;

namespace PointWebhooks.Tests.Worker;

/// <summary>Program.cs gives every function what its class asks for: that shows at its first invocation alone.</summary>
internal sealed class WorkerServicesTests : WorkerTests
{
    private const string MessageOfNoEvent =
        """{"type":"ProvisioningStarted","idempotencyKey":"no such event","receivedAt":"2026-01-01T00:00:00Z"}""";

    private static IEnumerable<string> Names => ExpectedFunctions.All.Select(function => function.Split(':')[0]);

    [TestCaseSource(nameof(Names))]
    public async Task A_function_finds_its_services(string name)
    {
        var host = App.Host;
        var function = host.Functions[name];

        if (function.TriggerType == "httpTrigger")
        {
            // The name of a route value is a value of it, too.
            var path = new Uri($"api/{string.Concat(function.Route.Split('{', '}'))}", UriKind.Relative);
            using var response = await host.SendAsync(name, new HttpRequestMessage(new HttpMethod(function.Method), path));
            // Its own answer, whatever that is: on a busy machine it may be that storage has not answered in time.
            Assert.That(response.StatusCode, Is.Not.EqualTo(HttpStatusCode.InternalServerError));
            return;
        }

        var result = await host.InvokeAsync(function.TriggerType == "queueTrigger"
            ? host.Invocation(name, QueuesModelFactory.QueueMessage("id", "receipt", MessageOfNoEvent, 1))
            : host.Tick(name));
        Assert.That(result.Status, Is.EqualTo(StatusResult.Types.Status.Success), result.Exception?.Message);
    }
}
