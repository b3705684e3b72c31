using Microsoft.Extensions.Configuration;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>What the ledger holds, read past the app and past the proxy.</summary>
public sealed class StoredEvents
{
    private const int PageSize = 1000;

    public StoredEvents(string storage)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", storage)]).Build();
        Ledger = new EventLedger(new PointTable(new StorageConnection(settings)), TimeProvider.System);
    }

    /// <summary>The ledger.</summary>
    public EventLedger Ledger { get; }

    /// <summary>Waits until an event is in a state.</summary>
    public Task<LedgerEvent?> BecomesAsync(EventState state, string idempotencyKey, TimeSpan? deadline = null) => Eventually.BecomesAsync(
        () => Ledger.FindAsync(idempotencyKey, withBody: false, CancellationToken.None),
        found => found?.State == state,
        $"the event {idempotencyKey} is {state}",
        deadline);

    /// <summary>Waits until no event is open.</summary>
    public Task NoneOpenAsync(TimeSpan? deadline = null) => Eventually.BecomesAsync(
        async () => (await Ledger.OpenAsync(CancellationToken.None)).Count, open => open == 0, "no event is open", deadline);

    /// <summary>Every event of a state.</summary>
    public async Task<IReadOnlyList<EventSummary>> InAsync(EventState state)
    {
        var events = new List<EventSummary>();
        string? continuation = null;
        do
        {
            var page = await Ledger.ListAsync(state, null, PageSize, continuation, CancellationToken.None);
            events.AddRange(page.Events);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return events;
    }
}
