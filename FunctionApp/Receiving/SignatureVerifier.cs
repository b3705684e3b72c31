using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace PointWebhooks.Receiving;

/// <summary>
/// Checks that a body was signed by Syskit Point: <c>Signature</c> is the base64 of the HMAC of the received bytes; the key is the
/// UTF-8 text of <c>webhooksSignatureAuthenticationKey</c>, not the bytes of the GUID it spells.
/// </summary>
public static class SignatureVerifier
{
    /// <summary>Checks a signature against every key that is valid now.</summary>
    /// <param name="body">The body, byte for byte as received.</param>
    /// <param name="signature">The values of the <c>Signature</c> header.</param>
    /// <param name="algorithm">The values of the <c>Algorithm</c> header; none means HMAC-SHA256.</param>
    /// <param name="keys">The keys, as bytes.</param>
    public static SignatureCheck Verify(
        ReadOnlySpan<byte> body, StringValues signature, StringValues algorithm, IReadOnlyList<byte[]> keys)
    {
        if (StringValues.IsNullOrEmpty(signature))
            return SignatureCheck.Missing;
        if (signature.Count != 1 || signature[0]!.Contains(',', StringComparison.Ordinal) || algorithm.Count > 1)
            return SignatureCheck.Repeated;

        var hash = algorithm.Count == 0 ? HashAlgorithmName.SHA256 : SignatureAlgorithms.Find(algorithm[0] ?? "");
        if (hash is not { } hashName)
            return SignatureCheck.UnsupportedAlgorithm;

        Span<byte> expected = stackalloc byte[HMACSHA512.HashSizeInBytes];
        expected = expected[..HashSize(hashName)];
        Span<byte> claimed = stackalloc byte[expected.Length];
        if (!TryDecode(signature[0]!, claimed))
            return SignatureCheck.Malformed;

        var valid = false;
        foreach (var key in keys)
        {
            CryptographicOperations.HmacData(hashName, key, body, expected);
            // No early exit: how long it takes must not tell which key matched.
            valid |= CryptographicOperations.FixedTimeEquals(expected, claimed);
        }

        return valid ? SignatureCheck.Valid : SignatureCheck.Mismatch;
    }

    private static int HashSize(HashAlgorithmName hash) =>
        hash == HashAlgorithmName.SHA256 ? HMACSHA256.HashSizeInBytes
        : hash == HashAlgorithmName.SHA384 ? HMACSHA384.HashSizeInBytes
        : HMACSHA512.HashSizeInBytes;

    // Encoding it again refuses what the decoder forgives: white space, missing padding, bits that should be zero.
    private static bool TryDecode(string base64, Span<byte> bytes) =>
        Convert.TryFromBase64String(base64, bytes, out var written)
        && written == bytes.Length
        && Convert.ToBase64String(bytes) == base64;
}
