using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PointWebhooks.Benchmarks.Load;

/// <summary>
/// One kept HTTP/1.1 connection that does next to nothing itself: on two cores a client that works hard would be what is measured.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[64 * 1024];

    /// <summary>Connects.</summary>
    public Task ConnectAsync(Uri url) => socket.ConnectAsync(url.Host, url.Port);

    /// <summary>Sends a request and reads all of the answer.</summary>
    /// <returns>Its status.</returns>
    public async Task<int> SendAsync(ReadOnlyMemory<byte> request)
    {
        await socket.SendAsync(request);
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
                throw new IOException("The server closed the connection before it had answered.");
            length += read;
            if (IsWhole(buffer.AsSpan(0, length)))
                return int.Parse(buffer.AsSpan(9, 3), CultureInfo.InvariantCulture);
        }
    }

    public void Dispose() => socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = Encoding.ASCII.GetString(answer[..end]);
        var at = head.IndexOf("Content-Length:", StringComparison.OrdinalIgnoreCase);
        return at >= 0
            ? answer.Length - end - 4 >= int.Parse(head.AsSpan(at + 15, LineEnd(head, at) - at - 15), CultureInfo.InvariantCulture)
            : !head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) || answer.EndsWith("0\r\n\r\n"u8);
    }

    private static int LineEnd(string head, int from)
    {
        var end = head.IndexOf('\r', from);
        return end < 0 ? head.Length : end;
    }
}
