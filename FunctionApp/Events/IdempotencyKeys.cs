using System.Security.Cryptography;

namespace PointWebhooks.Events;

/// <summary>The idempotency keys this app works with: the vendor's own wherever it has one that can be shown and passed on.</summary>
public static class IdempotencyKeys
{
    /// <summary>The longest key kept as it is, in characters.</summary>
    public const int MaxLength = 1024;

    private const string HashPrefix = "sha256-";

    /// <summary>
    /// A key as given, or <c>sha256-</c> and the hex SHA-256 of its UTF-8 text when it is longer than <see cref="MaxLength"/> or
    /// holds control characters, which neither a log nor a header downstream could carry.
    /// </summary>
    public static string Normalize(string key) =>
        key.Length <= MaxLength && !key.Any(char.IsControl) ? key : OfBytes(System.Text.Encoding.UTF8.GetBytes(key));

    /// <summary>The key of an event that brings none: <c>sha256-</c> and the hex SHA-256 of its body.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes) => HashPrefix + Convert.ToHexStringLower(SHA256.HashData(bytes));
}
