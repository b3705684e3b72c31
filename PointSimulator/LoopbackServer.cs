using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HostFiltering;

namespace PointWebhooks.Simulator;

/// <summary>Web servers for this machine alone, in a process that their caller owns.</summary>
public static class LoopbackServer
{
    private static readonly string[] OwnNames = ["127.0.0.1", "localhost", "[::1]"];

    /// <summary>
    /// Listens at 127.0.0.1 alone. Ctrl+C is the caller's: the server has no handler of its own that would swallow it.
    /// </summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    public static void UseLoopback(this WebApplicationBuilder builder, int port)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
    }

    /// <summary>
    /// Answers only to the names of this machine: a web page whose own name was pointed at 127.0.0.1 (DNS rebinding) gets 400.
    /// </summary>
    public static void AllowOwnNamesOnly(this WebApplicationBuilder builder) =>
        builder.Services.Configure<HostFilteringOptions>(options => options.AllowedHosts = OwnNames);

    /// <summary>Whether a request was made by a name of this machine.</summary>
    public static bool IsByOwnName(HttpRequest request) => OwnNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Starts a server, and says in one sentence when its port cannot be had.</summary>
    /// <param name="app">The server.</param>
    /// <param name="what">Names the port, such as "Port 7072 of the simulator".</param>
    /// <param name="advice">What to do when it is taken.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <exception cref="InvalidOperationException">The port cannot be had.</exception>
    public static async Task StartAsync(this WebApplication app, string what, string advice, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw new InvalidOperationException($"{what} {(e is IOException ? "is in use" : "may not be opened by this user")}. {advice}");
        }
    }

    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
