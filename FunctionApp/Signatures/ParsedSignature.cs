using System.Security.Cryptography;

namespace PointWebhooks.Signatures;

/// <summary>A signature as a request has it: well formed, and not verified yet.</summary>
/// <param name="Hash">The hash of its HMAC.</param>
/// <param name="Value">Its bytes, as many as the hash has.</param>
internal readonly record struct ParsedSignature(HashAlgorithmName Hash, ReadOnlyMemory<byte> Value)
{
    /// <summary>Whether it is the HMAC of a body with one of the keys.</summary>
    /// <param name="body">The body, byte for byte as received.</param>
    /// <param name="keys">The keys, as bytes.</param>
    public bool Matches(ReadOnlySpan<byte> body, IReadOnlyList<byte[]> keys)
    {
        Span<byte> expected = stackalloc byte[HMACSHA512.HashSizeInBytes];
        expected = expected[..SignatureAlgorithms.HashSize(Hash)];
        var matches = false;
        foreach (var key in keys)
        {
            CryptographicOperations.HmacData(Hash, key, body, expected);
            // No early exit: how long it takes must not tell which key matched.
            matches |= CryptographicOperations.FixedTimeEquals(expected, Value.Span);
        }

        return matches;
    }
}
