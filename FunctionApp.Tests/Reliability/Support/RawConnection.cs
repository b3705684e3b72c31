using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>A connection over which any bytes can be sent, right or wrong, and that reads the answers.</summary>
internal sealed partial class RawConnection(Uri server) : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = Scenario.Patience;

    private Socket? socket;
    private byte[] unread = [];

    /// <summary>Sends a request, opening the connection anew when the last answer has closed it.</summary>
    /// <returns>The status of the answer, or 0 when the connection was closed without one, and the whole answer.</returns>
    public async Task<(int Status, string Answer)> SendAsync(byte[] request, bool endsEarly)
    {
        using var deadline = new CancellationTokenSource(AnswerTimeout);
        if (socket is null)
        {
            (socket, unread) = (new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, []);
            await socket.ConnectAsync(server.Host, server.Port, deadline.Token);
        }

        try
        {
            await socket.SendAsync(request, deadline.Token);
            if (endsEarly)
                socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It is refused while it is being sent: the answer says why.
        }

        var (answer, staysOpen) = await ReadAnswerAsync(deadline.Token);
        if (!staysOpen || endsEarly)
            Dispose();
        return (StatusOf(answer), answer);
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    private async Task<(string Answer, bool StaysOpen)> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        var answer = new MemoryStream();
        answer.Write(unread);
        var buffer = new byte[4096];
        while (true)
        {
            var text = Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length);
            if (EndOfAnswer(text) is { } end)
            {
                unread = Encoding.Latin1.GetBytes(text[end..]);
                return (text[..end], !text[..end].Contains("Connection: close", StringComparison.OrdinalIgnoreCase));
            }

            int read;
            try
            {
                read = await socket!.ReceiveAsync(buffer, cancellationToken);
            }
            catch (SocketException)
            {
                read = 0;
            }

            if (read == 0)
                return (text, false);
            answer.Write(buffer, 0, read);
        }
    }

    private static int StatusOf(string answer) =>
        answer.Length >= 12 && answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
            ? int.Parse(answer.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;

    // Where the answer ends, or null while more is to come.
    private static int? EndOfAnswer(string text)
    {
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (body < 4)
            return null;
        var head = text[..body];
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
            return text.IndexOf("\r\n0\r\n\r\n", body - 2, StringComparison.Ordinal) is >= 0 and var last ? last + 7 : null;

        var length = LengthPattern().Match(head) is { Success: true } announced
            ? int.Parse(announced.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;
        return text.Length >= body + length ? body + length : null;
    }

    [GeneratedRegex(@"^Content-Length: ([0-9]+)\r$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex LengthPattern();
}
