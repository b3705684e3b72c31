using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation;
using PointWebhooks.Tests.Simulation.Calls;

namespace PointWebhooks.Tests.Support;

/// <summary>
/// The app's own ledger, wired as in the app, on real storage or on a simulated account of its own; by default at a time that stands
/// still until it is moved.
/// </summary>
internal sealed class TestLedger : IDisposable
{
    public const string Type = "ProvisioningStarted";

    private readonly ServiceProvider services;

    /// <param name="storage">The real storage, or null for an empty one.</param>
    /// <param name="clock">A clock, or null for one that stands still.</param>
    /// <param name="isSimulated">Whether it is on a simulated account instead.</param>
    /// <param name="path">What becomes of its calls of a simulated account, or null when all goes well.</param>
    public TestLedger(string? storage = null, TimeProvider? clock = null, bool isSimulated = false, CallPath? path = null)
    {
        Storage = isSimulated ? SimulatedStorage.ConnectionString : storage ?? StorageEmulator.NewAccount();
        var settings = ValidSettings.With(("AzureWebJobsStorage", Storage));
        var collection = new ServiceCollection().AddSingleton<TimeProvider>(clock ?? Time).AddLogging().AddPointWebhooks(settings);
        if (isSimulated)
        {
            collection.Replace(ServiceDescriptor.Singleton(
                new StorageConnection(settings) { Transport = new SimulatedStorage(clock ?? Time).Transport(path) }));
        }
        else
        {
            Patience.WithStorage(collection);
        }

        services = collection.BuildServiceProvider();
    }

    public string Storage { get; }

    public PinnedClock Time { get; } = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public PointTable Table => Get<PointTable>();

    public EventLedger Ledger => Get<EventLedger>();

    public LedgerListing Listing => Get<LedgerListing>();

    /// <summary>The table itself, past the app.</summary>
    public TableClient Rows => new(Storage, PointTable.Name);

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Inserts an event.</summary>
    public async Task<InsertOutcome> InsertAsync(string key, string type = Type, string body = "{}", string? name = null)
    {
        var now = Get<TimeProvider>().GetUtcNow();
        var received = EventLedger.New(type, key, now, now) with { WorkspaceName = name };
        return (await Ledger.InsertAsync(received, System.Text.Encoding.UTF8.GetBytes(body))).Outcome;
    }

    /// <summary>Inserts an event and claims it.</summary>
    public async Task<EventLease> ClaimedAsync(string key)
    {
        await InsertAsync(key);
        return (await ClaimAsync(key)).Lease!;
    }

    public Task<(ClaimOutcome Outcome, EventLease? Lease)> ClaimAsync(string key) =>
        Ledger.ClaimAsync(EventId.Of(Type, key), null, withBody: false, CancellationToken.None);

    public async Task<LedgerEvent> FindAsync(string key, string type = Type) =>
        (await Ledger.FindAsync(EventId.Of(type, key), withBody: true, CancellationToken.None)).Event!;

    /// <summary>The index rows of every event.</summary>
    public async Task<IReadOnlyList<string>> IndexAsync()
    {
        var ranges = await Task.WhenAll(EventId.Partitions.Select(partition =>
            Table.RangeAsync(partition, " ", "~", 1000, null, TimeSpan.FromSeconds(30), CancellationToken.None)));
        return [.. ranges.SelectMany(range => range).Select(row => row.RowKey).Where(rowKey => EventIndex.IdOf(rowKey) is not null)];
    }

    public void Dispose() => services.Dispose();
}
