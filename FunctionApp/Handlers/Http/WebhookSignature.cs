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

    /// <summary>The header with the id of what is sent.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header with the time of the attempt, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>The header with the signatures.</summary>
    public const string SignatureHeader = "webhook-signature";

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
        request.Headers.Add(IdHeader, id);
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(
            SignatureHeader,
            string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}")));
    }
}
