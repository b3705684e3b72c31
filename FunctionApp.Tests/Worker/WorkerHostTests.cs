using System.Net;
using System.Net.Sockets;
using PointWebhooks.Tests.Support;
using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>The host of these tests: the worker that it talks to is its own.</summary>
internal sealed class WorkerHostTests
{
    [Test]
    public void A_worker_whose_port_somebody_else_has_is_not_taken_for_started()
    {
        RealParts.Need("the worker process");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://localhost:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var exited = Assert.ThrowsAsync<WorkerExitedException>(
            () => WorkerApp.StartAsync(new() { ["Kestrel__Endpoints__Http__Url"] = url }));

        Assert.That(exited.IsPortTaken, Is.True, exited.Error);
    }
}
