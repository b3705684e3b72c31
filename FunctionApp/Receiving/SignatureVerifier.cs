using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace PointWebhooks.Receiving;

/// <summary>
/// Checks that a body was signed by Syskit Point: <c>Signature</c> is the base64 of the HMAC of the received bytes; the key is the
/// UTF-8 text of <c>webhooksSignatureAuthenticationKey</c>, not the bytes of the GUID it spells.
/// </summary>
public static class SignatureVerifier
{
    /// <summary>Reads the signature that a request claims to have; no key is needed for that.</summary>
    /// <param name="signature">The values of the <c>Signature</c> header.</param>
    /// <param name="algorithm">The values of the <c>Algorithm</c> header; none means HMAC-SHA256.</param>
    /// <param name="claimed">The signature.</param>
    /// <returns><see cref="SignatureCheck.Unchecked"/>, or what is wrong.</returns>
    public static SignatureCheck TryRead(StringValues signature, StringValues algorithm, out ClaimedSignature claimed)
    {
        claimed = default;
        if (StringValues.IsNullOrEmpty(signature))
            return SignatureCheck.Missing;
        if (signature.Count != 1 || signature[0]!.Contains(',', StringComparison.Ordinal) || algorithm.Count > 1)
            return SignatureCheck.Repeated;

        var hash = algorithm.Count == 0 ? HashAlgorithmName.SHA256 : SignatureAlgorithms.Find(algorithm[0] ?? "");
        if (hash is not { } hashName)
            return SignatureCheck.UnsupportedAlgorithm;

        var value = new byte[SignatureAlgorithms.HashSize(hashName)];
        if (!TryDecode(signature[0]!, value))
            return SignatureCheck.Malformed;

        claimed = new ClaimedSignature(hashName, value);
        return SignatureCheck.Unchecked;
    }

    // Encoding it again refuses what the decoder forgives: white space, missing padding, bits that should be zero.
    private static bool TryDecode(string base64, Span<byte> bytes) =>
        Convert.TryFromBase64String(base64, bytes, out var written)
        && written == bytes.Length
        && Convert.ToBase64String(bytes) == base64;
}
