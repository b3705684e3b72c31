using System.Globalization;
using System.Text;
using PointWebhooks.Simulator;

namespace PointWebhooks.Benchmarks.Load;

/// <summary>Requests as bytes, made before the clock runs.</summary>
internal static class RawRequest
{
    /// <summary>The key of Syskit Point, which all servers know.</summary>
    public const string Key = "0d3b4c8e-6f0e-4a44-9f7e-2f4d3f0f6c11";

    private const string OtherKey = "11111111-aaaa-4bbb-8ccc-222222222222";

    /// <summary>Signed with another key, in the headers of all that are compared.</summary>
    public static byte[] Forged(Uri url) => Signed(url, SampleEvents.Body("ProvisioningStarted", "forged", 600), OtherKey);

    /// <summary>Not signed at all.</summary>
    public static byte[] Unsigned(Uri url) => Post(url, SampleEvents.Body("ProvisioningStarted", "unsigned", 600));

    /// <summary>An event that is not known yet.</summary>
    public static byte[] Authentic(Uri url) => Signed(url, SampleEvents.Body("ProvisioningStarted", Guid.NewGuid().ToString(), 600), Key);

    private static byte[] Signed(Uri url, byte[] body, string key)
    {
        var signature = WebhookSender.Sign(body, key);
        var hex = Convert.ToHexStringLower(Convert.FromBase64String(signature));
        return Post(
            url,
            body,
            $"Signature: {signature}",
            "Algorithm: HMACSHA256",
            $"X-Hub-Signature-256: sha256={hex}",
            "X-GitHub-Event: push",
            "X-GitHub-Delivery: 1");
    }

    private static byte[] Post(Uri url, byte[] body, params IEnumerable<string> headers)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"POST {url.PathAndQuery} HTTP/1.1\r\n");
        foreach (var line in headers.Prepend("Content-Type: application/json").Prepend($"Host: {url.Authority}"))
            head.Append(line).Append("\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. body];
    }
}
