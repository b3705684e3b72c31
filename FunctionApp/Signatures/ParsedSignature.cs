using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace PointWebhooks.Signatures;

/// <summary>
/// A signature as a request has it: well formed, and not verified yet. Its bytes are in the value itself, so that refusing a forgery
/// leaves nothing to collect.
/// </summary>
internal readonly struct ParsedSignature
{
    private readonly Bytes bytes;

    /// <param name="hash">The hash of its HMAC.</param>
    /// <param name="value">Its bytes, as many as the hash has.</param>
    /// <exception cref="FormatException">The hash is not accepted, or has another number of bytes.</exception>
    public ParsedSignature(HashAlgorithmName hash, ReadOnlySpan<byte> value)
    {
        if (value.Length != SignatureAlgorithms.HashSize(hash))
            throw new FormatException($"A signature of {value.Length} bytes is none of {hash.Name}.");
        Hash = hash;
        value.CopyTo(bytes);
    }

    /// <summary>The hash of its HMAC.</summary>
    public HashAlgorithmName Hash { get; }

    /// <summary>Its bytes, as many as the hash has.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Value => ((ReadOnlySpan<byte>)bytes)[..SignatureAlgorithms.HashSize(Hash)];

    /// <summary>Whether it is the HMAC of a body with one of the keys.</summary>
    /// <param name="body">The body, byte for byte as received.</param>
    /// <param name="keys">The keys, as bytes.</param>
    public bool Matches(ReadOnlySpan<byte> body, IReadOnlyList<byte[]> keys)
    {
        Span<byte> expected = stackalloc byte[HMACSHA512.HashSizeInBytes];
        expected = expected[..SignatureAlgorithms.HashSize(Hash)];
        var matches = false;
        for (var i = 0; i < keys.Count; i++)
        {
            CryptographicOperations.HmacData(Hash, keys[i], body, expected);
            // No early exit: how long it takes must not tell which key matched.
            matches |= CryptographicOperations.FixedTimeEquals(expected, Value);
        }

        return matches;
    }

    [InlineArray(HMACSHA512.HashSizeInBytes)]
    private struct Bytes
    {
        private byte first;
    }
}
