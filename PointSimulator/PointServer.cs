namespace PointWebhooks.Simulator;

/// <summary>Serves a <see cref="SimulatedPoint"/> over HTTP on this machine.</summary>
public static class PointServer
{
    /// <summary>Starts serving.</summary>
    /// <param name="point">What to serve.</param>
    /// <param name="port">The port at 127.0.0.1; 0 takes a free one.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <returns>The server; its address is in <see cref="WebApplication.Urls"/>.</returns>
    public static Task<WebApplication> StartAsync(SimulatedPoint point, int port, CancellationToken cancellationToken) =>
        StartAsync(point, port, "Choose another with --port.", cancellationToken);

    /// <summary>Starts serving.</summary>
    /// <param name="point">What to serve.</param>
    /// <param name="port">The port at 127.0.0.1; 0 takes a free one.</param>
    /// <param name="advice">What to do when the port cannot be had.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <exception cref="InvalidOperationException">The port cannot be had.</exception>
    public static async Task<WebApplication> StartAsync(
        SimulatedPoint point, int port, string advice, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.UseLoopback(port);
        builder.AllowOwnNamesOnly();
        var app = builder.Build();
        point.Map(app);
        app.MapSimulatorControls(point);
        try
        {
            await app.StartAsync($"Port {port}, for the simulated Syskit Point,", advice, cancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }
}
