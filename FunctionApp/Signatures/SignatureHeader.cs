using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace PointWebhooks.Signatures;

/// <summary>What is wrong with the headers of a request.</summary>
internal enum SignatureHeaderError
{
    /// <summary>There is no <c>Signature</c> header.</summary>
    Missing,

    /// <summary>There are several <c>Signature</c> or <c>Algorithm</c> headers, or several values in one.</summary>
    Repeated,

    /// <summary>The signature is not standard base64 of exactly the hash's length.</summary>
    Malformed,

    /// <summary>The <c>Algorithm</c> is none of those that are accepted.</summary>
    UnsupportedAlgorithm,
}

/// <summary>Parses the headers that sign a request; no key and no body is needed for that.</summary>
internal static class SignatureHeader
{
    /// <param name="signature">The values of the <c>Signature</c> header.</param>
    /// <param name="algorithm">The values of the <c>Algorithm</c> header; none means HMAC-SHA256.</param>
    /// <param name="parsed">The signature, when nothing is wrong.</param>
    /// <returns>What is wrong, or null.</returns>
    public static SignatureHeaderError? TryParse(StringValues signature, StringValues algorithm, out ParsedSignature parsed)
    {
        parsed = default;
        if (StringValues.IsNullOrEmpty(signature))
            return SignatureHeaderError.Missing;
        if (signature.Count != 1 || signature[0]!.Contains(',', StringComparison.Ordinal) || algorithm.Count > 1)
            return SignatureHeaderError.Repeated;

        var hash = algorithm.Count == 0 ? HashAlgorithmName.SHA256 : SignatureAlgorithms.Find(algorithm[0] ?? "");
        if (hash is not { } hashName)
            return SignatureHeaderError.UnsupportedAlgorithm;

        var value = new byte[SignatureAlgorithms.HashSize(hashName)];
        if (!TryDecode(signature[0]!, value))
            return SignatureHeaderError.Malformed;

        parsed = new ParsedSignature(hashName, value);
        return null;
    }

    // Encoding it again refuses what the decoder forgives: white space, missing padding, bits that should be zero.
    private static bool TryDecode(string base64, Span<byte> bytes) =>
        Convert.TryFromBase64String(base64, bytes, out var written)
        && written == bytes.Length
        && Convert.ToBase64String(bytes) == base64;
}
