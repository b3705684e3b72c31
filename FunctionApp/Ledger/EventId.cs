using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>
/// What makes an event one and the same: its type and its idempotency key. Written as the first 40 hex digits of the SHA-256 of the
/// key, a dash and the first 12 of that of the type, so that any text makes a row key and a url, and all events of one key stand
/// side by side. The first digit is the partition.
/// </summary>
internal readonly partial record struct EventId
{
    private const int KeyLength = 40;
    private const int TypeLength = 12;

    private EventId(string value) => Value = value;

    /// <summary>Every partition that holds events: 16 shards.</summary>
    public static IReadOnlyList<string> Partitions { get; } = [.. "0123456789abcdef".Select(digit => digit.ToString())];

    /// <summary>The id as text: 53 characters.</summary>
    public string Value { get; }

    public string Partition => Value[..1];

    public RowAddress Row => new(Partition, Value);

    public static EventId Of(string type, string idempotencyKey) => new($"{Hash(idempotencyKey, KeyLength)}-{Hash(type, TypeLength)}");

    /// <summary>Reads an id; null for a text that is none.</summary>
    public static EventId? TryParse(string text) => Pattern().IsMatch(text) ? new EventId(text) : null;

    /// <summary>The rows of all events of a key: a partition and the prefix of their row keys.</summary>
    public static RowAddress PrefixOfKey(string idempotencyKey)
    {
        var hash = Hash(idempotencyKey, KeyLength);
        return new RowAddress(hash[..1], hash + "-");
    }

    /// <summary>The short hash that stands for a type in row keys: 12 hex digits.</summary>
    public static string HashOfType(string type) => Hash(type, TypeLength);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string Hash(string text, int length) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..length];

    [GeneratedRegex(@"^[0-9a-f]{40}-[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
