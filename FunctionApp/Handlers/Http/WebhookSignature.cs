using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PointWebhooks.Handlers.Http;

/// <summary>
/// Signs as Standard Webhooks 1.0.0 (standardwebhooks.com) has it: HMAC-SHA256 over <c>id.timestamp.body</c>, with each of the secrets, so
/// that a receiver may know the old one or the new one.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>What a secret begins with; the rest is base64.</summary>
    public const string SecretPrefix = "whsec_";

    private const int ShortestSecret = 24;
    private const int LongestSecret = 64;

    /// <summary>The bytes of a secret, or null when it is none: 24 to 64 bytes, in base64, after <see cref="SecretPrefix"/>.</summary>
    public static byte[]? ReadSecret(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
            return null;
        var bytes = new byte[LongestSecret + 1];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], bytes, out var length)
            && length is >= ShortestSecret and <= LongestSecret
            ? bytes[..length]
            : null;
    }

    /// <summary>Adds the three headers to a request.</summary>
    /// <param name="id">The same in every attempt.</param>
    /// <param name="at">The time of this attempt.</param>
    public static void Sign(HttpRequestMessage request, string id, DateTimeOffset at, ReadOnlySpan<byte> body, IEnumerable<byte[]> secrets)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add(
            "webhook-signature",
            string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}")));
    }
}
