using System.Security.Cryptography;
using System.Text;

namespace PointWebhooks.Ledger;

/// <summary>
/// Where an event's row is: its row key is the hex SHA-256 of the idempotency key, which any text survives, and its partition
/// one of 16 shards, the first digit of that hash.
/// </summary>
/// <param name="PartitionKey">The shard, <c>0</c> to <c>f</c>.</param>
/// <param name="RowKey">The hash, 64 hex digits.</param>
public readonly record struct LedgerKey(string PartitionKey, string RowKey)
{
    /// <summary>Every shard.</summary>
    public static readonly IReadOnlyList<string> Partitions = [.. "0123456789abcdef".Select(digit => digit.ToString())];

    /// <summary>The row of an idempotency key.</summary>
    public static LedgerKey Of(string idempotencyKey)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(idempotencyKey)));
        return new LedgerKey(hash[..1], hash);
    }
}
