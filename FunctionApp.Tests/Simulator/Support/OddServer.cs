using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PointWebhooks.Tests.Simulator.Support;

/// <summary>A server that does to every connection what servers should not.</summary>
internal sealed class OddServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    // Held: a socket that is collected breaks its connection off.
    private readonly ConcurrentBag<Socket> accepted = [];

    private OddServer(Func<Socket, Task> serve)
    {
        listener.Start();
        _ = ServeAsync(serve);
    }

    public Uri Url => new($"http://{listener.LocalEndpoint}");

    /// <summary>Takes connections and says nothing.</summary>
    public static OddServer Silent() => new(_ => Task.Delay(Timeout.Infinite));

    /// <summary>Reads a little and closes the connection.</summary>
    public static OddServer Closing() => new(async socket =>
    {
        await socket.ReceiveAsync(new byte[64]);
        socket.Dispose();
    });

    /// <summary>Answers every request with the same bytes.</summary>
    public static OddServer Answering(string head, string body = "") => new(async socket =>
    {
        await socket.ReceiveAsync(new byte[65536]);
        await socket.SendAsync(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {head}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));
        socket.Shutdown(SocketShutdown.Send);
    });

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        foreach (var socket in accepted)
            socket.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync(Func<Socket, Task> serve)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stop.Token);
                accepted.Add(socket);
                _ = serve(socket);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }
}
