using System.Text;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>A request with something odd about it, and what may be answered.</summary>
/// <param name="Oddity">What is odd.</param>
/// <param name="Head">The request line and the headers, without Host and what frames the body.</param>
/// <param name="Framing">The headers that frame the body.</param>
/// <param name="Body">The body as it goes over the wire.</param>
/// <param name="Allowed">The statuses that may be answered; 0 stands for a connection that is closed without an answer.</param>
/// <param name="EndsEarly">Whether the sender falls silent and closes its side after the body.</param>
internal sealed record FuzzedRequest(
    string Oddity, string Head, string Framing, byte[] Body, IReadOnlyList<int> Allowed, bool EndsEarly = false)
{
    /// <summary>The request as it goes over the wire. Headers may hold any byte: each character stands for one.</summary>
    public byte[] ToBytes() => [.. Encoding.Latin1.GetBytes($"{Head}\r\nHost: 127.0.0.1\r\n{Framing}\r\n\r\n"), .. Body];
}
