using System.Net.Sockets;

namespace PointWebhooks.LocalHost.Storage;

/// <summary>Finds out what holds the ports of the development storage, before an emulator is started there.</summary>
internal static class PortProbe
{
    internal enum Finding
    {
        Nothing,
        Emulator,

        /// <summary>The emulator of another LocalHost, which goes with it.</summary>
        EmulatorOfLocalHost,
        SomethingElse,
    }

    /// <summary>Looks at the ports for queues and tables, which the app uses, and for blobs.</summary>
    /// <param name="patience">How long each answer is waited for: what is silent so long is something else.</param>
    public static async Task<Finding> LookAsync(IReadOnlyList<int> ports, TimeSpan patience, CancellationToken cancellationToken)
    {
        var listening = await Task.WhenAll(ports.Select(port => IsListeningAsync(port, cancellationToken)));
        if (!listening.Contains(true))
            return Finding.Nothing;

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = patience };
        try
        {
            foreach (var port in ports.Skip(1))
            {
                using var any = await http.GetAsync(Address(port, "-"), cancellationToken);
                if (!any.Headers.Server.ToString().StartsWith("Azurite-", StringComparison.Ordinal))
                    return Finding.SomethingElse;
            }

            // Azurite answers 404 for an account that it does not have, and asks for a signature for one that it has.
            using var answer = await http.GetAsync(Address(ports[1], LocalStorage.MarkAccount), cancellationToken);
            return answer.StatusCode == System.Net.HttpStatusCode.NotFound ? Finding.Emulator : Finding.EmulatorOfLocalHost;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Finding.SomethingElse;
        }
    }

    /// <summary>Whether something listens at a port of this machine.</summary>
    public static async Task<bool> IsListeningAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Uri Address(int port, string account) => new($"http://127.0.0.1:{port}/{account}?comp=list");
}
