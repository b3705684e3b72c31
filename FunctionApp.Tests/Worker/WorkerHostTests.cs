using System.Net;
using System.Net.Sockets;
using PointWebhooks.Tests.Support;
using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>The host of these tests.</summary>
internal sealed class WorkerHostTests
{
    [Test]
    public void A_worker_that_ends_because_somebody_else_has_its_port_is_known_by_what_it_writes()
    {
        RealParts.Need("the worker process");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://localhost:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var exited = Assert.ThrowsAsync<WorkerExitedException>(
            () => StartAsync(new() { ["Kestrel__Endpoints__Http__Url"] = url }));

        Assert.That(exited.IsPortTaken, Is.True, exited.Error);
    }

    private static async Task StartAsync(Dictionary<string, string> settings)
    {
        await using var app = await WorkerApp.StartAsync(settings);
    }
}
