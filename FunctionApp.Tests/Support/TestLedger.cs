using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;

namespace PointWebhooks.Tests.Support;

/// <summary>A ledger of its own on real storage, with a clock that stands still until it is moved.</summary>
public sealed class TestLedger
{
    public TestLedger(string? storage = null)
    {
        Storage = storage ?? StorageEmulator.NewAccount();
        Table = new PointTable(new StorageConnection(
            new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", Storage)]).Build()));
        Ledger = new EventLedger(Table, Time);
    }

    public string Storage { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public PointTable Table { get; }

    public EventLedger Ledger { get; }

    /// <summary>Inserts an event.</summary>
    public Task<InsertOutcome> InsertAsync(string key, string type = "ProvisioningStarted", string body = "{}") =>
        Ledger.InsertAsync(key, type, Time.GetUtcNow(), System.Text.Encoding.UTF8.GetBytes(body), null, CancellationToken.None);

    /// <summary>Inserts an event and claims it.</summary>
    public async Task<EventLease> ClaimedAsync(string key)
    {
        await InsertAsync(key);
        return (await ClaimAsync(key)).Lease!;
    }

    public Task<Claim> ClaimAsync(string key) => Ledger.ClaimAsync(key, withBody: false, CancellationToken.None);

    public async Task<LedgerEvent> FindAsync(string key) => (await Ledger.FindAsync(key, withBody: true, CancellationToken.None))!;

    /// <summary>The index rows of every event.</summary>
    public async Task<IReadOnlyList<string>> IndexAsync()
    {
        var ranges = await Task.WhenAll(LedgerKey.Partitions.Select(partition => Table.RangeAsync(partition, " ", "~", 1000, CancellationToken.None)));
        return [.. ranges.SelectMany(range => range).Select(row => row.RowKey).Where(IndexKey.IsIndexKey)];
    }
}
