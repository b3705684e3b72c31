using System.Security.Cryptography;
using System.Text;
using PointWebhooks.Receiving;
using PointWebhooks.Simulator;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>Makes requests from signed ones by changing one thing about them: a forged, a broken, or a strange but authentic one.</summary>
internal sealed class RequestFuzzer(Random random, string key)
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

    private readonly OddBodies bodies = new(random);

    /// <summary>The next request.</summary>
    public FuzzedRequest Next()
    {
        var body = SampleEvents.Body(Pick(SampleEvents.Types), $"fuzz-{random.NextInt64()}");
        return random.Next(100) switch
        {
            < 4 => Authentic(bodies.Strange(body)),
            < 6 => StrangelyFramed(body),
            < 7 => TooLarge(),
            < 40 => Signed("a body changed after it was signed", bodies.Changed(body), Refused, Sign(body)),
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
        var header = Pick(["Content-Encoding: gzip", "Content-Type: text/xml; charset=utf-16", "X-Forwarded-For: ::1"]);
        return Signed("a strange framing of an authentic body", body, Kept, Sign(body), [header]) with
        {
            Framing = "Transfer-Encoding: chunked",
            Body = [.. Chunk(body.AsSpan(0, half)), .. Chunk(body.AsSpan(half)), .. "0\r\n\r\n"u8],
        };
    }

    private FuzzedRequest TooLarge()
    {
        var body = new byte[BoundedBody.MaxLength + random.Next(1, 1000)];
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
            10 => [$"Signature: {Convert.ToBase64String(bodies.Random(random.Next(0, 80)))}"],
            11 => [$"Signature: {new string('A', random.Next(100, 8000))}"],
            12 => [$"Signature: sha256={right}"],
            _ => [$"Signature: {WithOtherCharacter(right)}"],
        };
        var allowed = kind == 13 ? RefusedOrBroken : Refused;
        return Request("an odd signature", "POST", Receiver, [.. headers, "Algorithm: HMACSHA256"], body, allowed);
    }

    private FuzzedRequest WithOddTarget(byte[] body)
    {
        var headers = new[] { $"Signature: {Sign(body)}", "Algorithm: HMACSHA256" };
        if (random.Next(2) == 0)
        {
            var method = Pick(["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"]);
            return Request("another method", method, Receiver, headers, body, [404]);
        }

        var path = Pick(["/", "/api", "/api/webhooks", $"{Receiver}/x", "/api/webhooks/%00", $"/api//webhooks/{random.Next()}"]);
        return Request("another path", "POST", path, headers, body, [400, 404]);
    }

    private FuzzedRequest BrokenRequest(byte[] body)
    {
        var whole = Signed("a broken request", body, Broken, Sign(body));
        return random.Next(8) switch
        {
            0 => whole with { Framing = $"Content-Length: {body.Length + random.Next(1, 100_000)}", EndsEarly = true },
            1 => whole with { Framing = $"Content-Length: -{body.Length}" },
            2 => whole with { Framing = $"Content-Length: {body.Length}\r\nContent-Length: {body.Length + 1}" },
            3 => whole with { Framing = "Transfer-Encoding: chunked", Body = [.. BrokenChunk(), .. body], EndsEarly = true },
            4 => whole with { Framing = "Transfer-Encoding: chunked", Body = Chunk(body), EndsEarly = true },
            5 => whole with { Head = $"{whole.Head}\r\nX-Long: {new string('x', random.Next(40_000, 60_000))}" },
            6 => whole with { Head = $"{whole.Head}\r\nno colon here" },
            _ => whole with { Head = $"{whole.Head}\r\nBad Name{(char)random.Next(1, 32)}: x" },
        };
    }

    private byte[] BrokenChunk() => Encoding.ASCII.GetBytes(Pick(["zz\r\n", "-1\r\n", "fffffffffffffffff\r\n", "5\r\nab"]));

    private FuzzedRequest Noise() =>
        new("noise", Encoding.Latin1.GetString(bodies.Random(random.Next(1, 200))), "", [], Broken, EndsEarly: true);

    private static FuzzedRequest Signed(
        string oddity, byte[] body, IReadOnlyList<int> allowed, string signature, IReadOnlyList<string>? headers = null) =>
        Request(oddity, "POST", Receiver, [$"Signature: {signature}", .. headers ?? ["Algorithm: HMACSHA256"]], body, allowed);

    private static FuzzedRequest Request(
        string oddity, string method, string target, IReadOnlyList<string> headers, byte[] body, IReadOnlyList<int> allowed) => new(
            oddity, string.Join("\r\n", [$"{method} {target} HTTP/1.1", .. headers]), $"Content-Length: {body.Length}", body, allowed);

    private string WithOtherCharacter(string signature)
    {
        var characters = signature.ToCharArray();
        var at = random.Next(signature.Length);
        // Never the same character, never one that would end the line.
        characters[at] = Pick([.. "A-_!=\u00e9".Where(other => other != characters[at])]);
        return new string(characters);
    }

    private string OddAlgorithm() =>
        random.Next(2) == 0 ? Pick(UnsupportedAlgorithms) : $"x{Convert.ToHexString(bodies.Random(random.Next(1, 300)))}";

    private string Sign(byte[] body) => WebhookSender.Sign(body, key);

    private static byte[] Chunk(ReadOnlySpan<byte> part) => [.. Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), .. part, .. "\r\n"u8];

    private T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
