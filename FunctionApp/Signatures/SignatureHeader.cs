using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
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
    // The base64 of 64 bytes.
    private const int LongestText = 88;

    /// <param name="signature">The values of the <c>Signature</c> header.</param>
    /// <param name="algorithm">The values of the <c>Algorithm</c> header; none means HMAC-SHA256.</param>
    /// <param name="parsed">The signature, when nothing is wrong.</param>
    /// <returns>What is wrong, or null.</returns>
    public static SignatureHeaderError? TryParse(StringValues signature, StringValues algorithm, out ParsedSignature parsed)
    {
        parsed = default;
        if (StringValues.IsNullOrEmpty(signature))
            return SignatureHeaderError.Missing;
        if (signature.Count != 1 || IsList(signature[0]) || algorithm.Count > 1 || (algorithm.Count == 1 && IsList(algorithm[0])))
            return SignatureHeaderError.Repeated;

        var hash = algorithm.Count == 0 ? HashAlgorithmName.SHA256 : SignatureAlgorithms.Find(algorithm[0] ?? "");
        if (hash is not { } hashName)
            return SignatureHeaderError.UnsupportedAlgorithm;

        Span<byte> longest = stackalloc byte[HMACSHA512.HashSizeInBytes];
        var value = longest[..SignatureAlgorithms.HashSize(hashName)];
        if (!TryDecode(signature[0]!, value))
            return SignatureHeaderError.Malformed;

        parsed = new ParsedSignature(hashName, value);
        return null;
    }

    // As the Functions host joins the values of a header that was sent twice.
    private static bool IsList(string? value) => value.AsSpan().Contains(',');

    // The decoder forgives white space, which the length rules out, and bits of the last group that should be zero: encoding that group
    // again shows them.
    private static bool TryDecode(string base64, Span<byte> bytes)
    {
        Span<byte> longest = stackalloc byte[LongestText];
        Span<byte> group = stackalloc byte[4];
        if (base64.Length != Base64.GetMaxEncodedToUtf8Length(bytes.Length))
            return false;
        var text = longest[..base64.Length];
        return Ascii.FromUtf16(base64, text, out _) == OperationStatus.Done
            && Base64.DecodeFromUtf8(text, bytes, out _, out var read) == OperationStatus.Done
            && read == bytes.Length
            && Base64.EncodeToUtf8(bytes[^(bytes.Length % 3)..], group, out _, out var written) == OperationStatus.Done
            && text.EndsWith(group[..written]);
    }
}
