using System.Net;

namespace PointWebhooks.Simulator;

/// <summary>Serves a <see cref="SimulatedPoint"/> over HTTP on this machine.</summary>
public static class PointServer
{
    /// <summary>Starts serving.</summary>
    /// <param name="point">What to serve.</param>
    /// <param name="port">The port at 127.0.0.1; 0 takes a free one.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <returns>The server; its address is in <see cref="WebApplication.Urls"/>.</returns>
    public static async Task<WebApplication> StartAsync(SimulatedPoint point, int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        point.Map(app);
        app.MapSimulatorControls(point);
        await app.StartAsync(cancellationToken);
        return app;
    }
}
