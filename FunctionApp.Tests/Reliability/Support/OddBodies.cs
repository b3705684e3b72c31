using System.Text;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>Makes bodies from those of events that are no longer what they were.</summary>
internal sealed class OddBodies(Random random)
{
    private static readonly string[] JsonPieces =
    [
        "{", "}", "[", "]", "null", "true", "-0", "1e999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", ",", ":", " ", "\u00ff", "{\"a\":{}}",
        "\"meta\"", "\"type\"",
    ];

    /// <summary>Another body in its place, of whatever kind.</summary>
    public byte[] Strange(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return random.Next(7) switch
        {
            0 => Random(random.Next(2000)),
            1 => [.. Encoding.UTF8.Preamble, .. body],
            2 => Encoding.Unicode.GetBytes(text),
            3 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 500)).Select(_ => Piece()))),
            4 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":[", random.Next(1, 5000)))),
            5 => Encoding.UTF8.GetBytes(text.Insert(random.Next(text.Length), Piece())),
            _ => Encoding.UTF8.GetBytes(text.Replace("fuzz-", new string('\u00e9', random.Next(1, 20_000)), StringComparison.Ordinal)),
        };
    }

    /// <summary>The body with something changed about it, however little.</summary>
    public byte[] Changed(byte[] body) => random.Next(4) switch
    {
        0 => body[..random.Next(body.Length)],
        1 => [.. body, (byte)"\n \0"[random.Next(3)]],
        2 => [.. Encoding.UTF8.Preamble, .. body],
        _ => Flipped(body),
    };

    private byte[] Flipped(byte[] body)
    {
        var flipped = body.ToArray();
        flipped[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    /// <summary>Bytes that mean nothing.</summary>
    public byte[] Random(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Piece() => JsonPieces[random.Next(JsonPieces.Length)];
}
