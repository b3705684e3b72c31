using PointWebhooks.Ledger;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>What the ledger holds, read past the app and past the proxy.</summary>
internal sealed class StoredEvents(string storage) : IDisposable
{
    private const int PageSize = 1000;

    private readonly TestLedger ledger = new(storage, TimeProvider.System);

    /// <summary>The event of a key, or null.</summary>
    public Task<LedgerEvent?> FindAsync(string idempotencyKey) => PatientlyAsync(async () =>
        (await ledger.Listing.IdsOfKeyAsync(idempotencyKey, CancellationToken.None)) is [var id]
            ? (await ledger.Ledger.FindAsync(id, withBody: false, CancellationToken.None)).Event
            : null);

    /// <summary>Lets an event wait, as the relay does.</summary>
    public Task PostponeAsync(LedgerEvent read, TimeSpan wait) => ledger.Ledger.PostponeAsync(read, wait);

    /// <summary>Waits until an event is in a state.</summary>
    public Task<LedgerEvent?> BecomesAsync(EventState state, string idempotencyKey) => Eventually.BecomesAsync(
        () => FindAsync(idempotencyKey), found => found?.State == state, $"the event {idempotencyKey} is {state}");

    /// <summary>Waits until no event is open.</summary>
    public Task NoneOpenAsync() => Eventually.BecomesAsync(
        () => PatientlyAsync(async () => (await ledger.Listing.OpenRowsAsync(CancellationToken.None)).Count), open => open == 0, "no event is open");

    /// <summary>Every event of a state.</summary>
    public async Task<IReadOnlyList<EventSummary>> InAsync(EventState state)
    {
        var events = new List<EventSummary>();
        string? continuation = null;
        do
        {
            var position = continuation;
            var page = await PatientlyAsync(() => ledger.Listing.ListAsync(new EventFilter(state), PageSize, position, CancellationToken.None));
            events.AddRange(page.Events);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return events;
    }

    // The app gives up after ten seconds, which an emulator on a busy machine may take.
    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> read)
    {
        var until = DateTime.UtcNow + Scenario.Patience;
        while (true)
        {
            try
            {
                return await read();
            }
            catch (Exception e) when (StorageFailure.Is(e) && DateTime.UtcNow < until)
            {
                // Asked again.
            }
        }
    }

    public void Dispose() => ledger.Dispose();
}
