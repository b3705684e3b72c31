using System.Collections.Frozen;
using System.Security.Cryptography;

namespace PointWebhooks.Signatures;

/// <summary>
/// The accepted values of the <c>Algorithm</c> header. The vendor documents HMAC-SHA256 and not how the header spells it, so the
/// usual spellings are taken, in any case; nothing weaker than SHA-256.
/// </summary>
internal static class SignatureAlgorithms
{
    private static readonly FrozenDictionary<string, HashAlgorithmName> Spellings =
        new[] { (HashAlgorithmName.SHA256, "256"), (HashAlgorithmName.SHA384, "384"), (HashAlgorithmName.SHA512, "512") }
            .SelectMany(hash => new[] { "HMACSHA", "HMAC-SHA", "HMAC-SHA-", "HMAC_SHA", "HMAC_SHA_", "SHA", "SHA-", "HS" }
                .Select(spelling => KeyValuePair.Create(spelling + hash.Item2, hash.Item1)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The hash an <c>Algorithm</c> header names, or null when it is not accepted.</summary>
    public static HashAlgorithmName? Find(string algorithm) => Spellings.TryGetValue(algorithm, out var hash) ? hash : null;

    /// <summary>The length of a hash, in bytes.</summary>
    /// <exception cref="FormatException">It is none that is accepted.</exception>
    public static int HashSize(HashAlgorithmName hash) =>
        hash == HashAlgorithmName.SHA256 ? HMACSHA256.HashSizeInBytes
        : hash == HashAlgorithmName.SHA384 ? HMACSHA384.HashSizeInBytes
        : hash == HashAlgorithmName.SHA512 ? HMACSHA512.HashSizeInBytes
        : throw new FormatException($"{hash.Name} is not accepted.");
}
