using System.Security.Cryptography;
using System.Text;
using PointWebhooks.Receiving;
using PointWebhooks.Simulator;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>Makes requests from signed ones by changing one thing about them: a forged, a broken, or a strange but authentic one.</summary>
public sealed class RequestFuzzer(Random random, string key)
{
    private const string Receiver = "/api/webhooks/point";

    private static readonly int[] Kept = [200, 202];
    private static readonly int[] Refused = [401];
    // A header that is not UTF-8 does not get as far as the app.
    private static readonly int[] RefusedOrBroken = [400, 401];
    // Kestrel may find the request itself not worth an answer.
    private static readonly int[] Broken = [0, 400, 408, 411, 413, 414, 431, 501, 505];

    private static readonly string[] UnsupportedAlgorithms =
    [
        "MD5", "SHA1", "HMACSHA1", "none", "null", "HMACSHA256, HMACSHA256", "HMACSHA256;q=1", "RS256", "HMACSHA2567", "*", "../SHA256",
    ];

    private static readonly string[] JsonPieces =
    [
        "{", "}", "[", "]", "null", "true", "-0", "1e999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", ",", ":", " ", "\u00ff", "{\"a\":{}}", "\"meta\"", "\"type\"",
    ];

    /// <summary>The next request.</summary>
    public FuzzedRequest Next()
    {
        var body = SampleEvents.Body(Pick(SampleEvents.Types), $"fuzz-{random.NextInt64()}");
        return random.Next(100) switch
        {
            < 4 => Authentic(StrangeBody(body)),
            < 6 => StrangelyFramed(body),
            < 7 => TooLarge(),
            < 40 => Signed("a body changed after it was signed", Changed(body), Refused, Sign(body)),
            < 70 => WithOddSignature(body),
            < 80 => Signed("an unsupported algorithm", body, Refused, Sign(body), [$"Algorithm: {OddAlgorithm()}"]),
            < 88 => WithOddTarget(body),
            < 96 => BrokenRequest(body),
            _ => Noise(),
        };
    }

    private FuzzedRequest Authentic(byte[] body) => Signed("a strange body, signed as it is", body, Kept, Sign(body));

    private FuzzedRequest StrangelyFramed(byte[] body)
    {
        var half = random.Next(1, body.Length);
        return Signed("a strange framing of an authentic body", body, Kept, Sign(body), [Pick(["Content-Encoding: gzip", "Content-Type: text/xml; charset=utf-16", "X-Forwarded-For: ::1"])]) with
        {
            Framing = "Transfer-Encoding: chunked",
            Body = [.. Chunk(body.AsSpan(0, half)), .. Chunk(body.AsSpan(half)), .. "0\r\n\r\n"u8],
        };
    }

    private FuzzedRequest TooLarge()
    {
        var body = new byte[BoundedBodyReader.MaxLength + random.Next(1, 1000)];
        random.NextBytes(body);
        return Signed("a body over the limit", body, [413], Sign(body));
    }

    private FuzzedRequest WithOddSignature(byte[] body)
    {
        var right = Sign(body);
        var kind = random.Next(14);
        IReadOnlyList<string> headers = kind switch
        {
            0 => [],
            1 => ["Signature:"],
            2 => [$"Signature: {right}", $"Signature: {right}"],
            3 => [$"Signature: {right}, {right}"],
            4 => [$"Signature: {right.TrimEnd('=')}"],
            5 => [$"Signature: {right.Insert(random.Next(1, right.Length - 1), " ")}"],
            6 => [$"Signature: {Convert.ToHexString(Convert.FromBase64String(right))}"],
            7 => [$"Signature: {WebhookSender.Sign(body, Guid.NewGuid().ToString())}"],
            8 => [$"Signature: {Convert.ToBase64String(HMACSHA256.HashData(Guid.Parse(key).ToByteArray(), body))}"],
            9 => [$"Signature: {Convert.ToBase64String(HMACSHA512.HashData(Encoding.UTF8.GetBytes(key), body))}"],
            10 => [$"Signature: {Convert.ToBase64String(RandomBytes(random.Next(0, 80)))}"],
            11 => [$"Signature: {new string('A', random.Next(100, 8000))}"],
            12 => [$"Signature: sha256={right}"],
            _ => [$"Signature: {WithOtherCharacter(right)}"],
        };
        return Request("an odd signature", "POST", Receiver, [.. headers, "Algorithm: HMACSHA256"], body, kind == 13 ? RefusedOrBroken : Refused);
    }

    private FuzzedRequest WithOddTarget(byte[] body)
    {
        var headers = new[] { $"Signature: {Sign(body)}", "Algorithm: HMACSHA256" };
        return random.Next(2) == 0
            ? Request("another method", Pick(["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"]), Receiver, headers, body, [404])
            : Request("another path", "POST", Pick(["/", "/api", "/api/webhooks", $"{Receiver}/x", "/api/webhooks/%00", $"/api//webhooks/{random.Next()}"]), headers, body, [400, 404]);
    }

    private FuzzedRequest BrokenRequest(byte[] body)
    {
        var whole = Signed("a broken request", body, Broken, Sign(body));
        return random.Next(8) switch
        {
            0 => whole with { Framing = $"Content-Length: {body.Length + random.Next(1, 100_000)}", EndsEarly = true },
            1 => whole with { Framing = $"Content-Length: -{body.Length}" },
            2 => whole with { Framing = $"Content-Length: {body.Length}\r\nContent-Length: {body.Length + 1}" },
            3 => whole with { Framing = "Transfer-Encoding: chunked", Body = [.. Encoding.ASCII.GetBytes(Pick(["zz\r\n", "-1\r\n", "fffffffffffffffff\r\n", "5\r\nab"])), .. body], EndsEarly = true },
            4 => whole with { Framing = "Transfer-Encoding: chunked", Body = Chunk(body), EndsEarly = true },
            5 => whole with { Head = $"{whole.Head}\r\nX-Long: {new string('x', random.Next(40_000, 60_000))}" },
            6 => whole with { Head = $"{whole.Head}\r\nno colon here" },
            _ => whole with { Head = $"{whole.Head}\r\nBad Name{(char)random.Next(1, 32)}: x" },
        };
    }

    private FuzzedRequest Noise() => new("noise", Encoding.Latin1.GetString(RandomBytes(random.Next(1, 200))), "", [], Broken, EndsEarly: true);

    private static FuzzedRequest Signed(string oddity, byte[] body, IReadOnlyList<int> allowed, string signature, IReadOnlyList<string>? headers = null) =>
        Request(oddity, "POST", Receiver, [$"Signature: {signature}", .. headers ?? ["Algorithm: HMACSHA256"]], body, allowed);

    private static FuzzedRequest Request(
        string oddity, string method, string target, IReadOnlyList<string> headers, byte[] body, IReadOnlyList<int> allowed) => new(
            oddity, string.Join("\r\n", [$"{method} {target} HTTP/1.1", .. headers]), $"Content-Length: {body.Length}", body, allowed);

    private byte[] StrangeBody(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return random.Next(7) switch
        {
            0 => RandomBytes(random.Next(0, 2000)),
            1 => [.. Encoding.UTF8.Preamble, .. body],
            2 => Encoding.Unicode.GetBytes(text),
            3 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 500)).Select(_ => Pick(JsonPieces)))),
            4 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":[", random.Next(1, 5000)))),
            5 => Encoding.UTF8.GetBytes(text.Insert(random.Next(text.Length), Pick(JsonPieces))),
            _ => Encoding.UTF8.GetBytes(text.Replace("fuzz-", new string('\u00e9', random.Next(1, 20_000)), StringComparison.Ordinal)),
        };
    }

    private byte[] Changed(byte[] body) => random.Next(4) switch
    {
        0 => body[..random.Next(body.Length)],
        1 => [.. body, .. Pick(["\n"u8.ToArray(), " "u8.ToArray(), "\0"u8.ToArray()])],
        2 => [.. Encoding.UTF8.Preamble, .. body],
        _ => Flipped(body),
    };

    private byte[] Flipped(byte[] body)
    {
        var flipped = body.ToArray();
        flipped[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    private string WithOtherCharacter(string signature)
    {
        var characters = signature.ToCharArray();
        var at = random.Next(signature.Length);
        // Never the same character, never one that would end the line.
        characters[at] = (char)(characters[at] == 'A' ? 'B' : Pick(['A', '-', '_', '!', '\u00e9', '=']) is var other && other == characters[at] ? '?' : other);
        return new string(characters);
    }

    private string OddAlgorithm() =>
        random.Next(2) == 0 ? Pick(UnsupportedAlgorithms) : $"x{Convert.ToHexString(RandomBytes(random.Next(1, 300)))}";

    private string Sign(byte[] body) => WebhookSender.Sign(body, key);

    private static byte[] Chunk(ReadOnlySpan<byte> part) => [.. Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), .. part, .. "\r\n"u8];

    private byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
