using Azure;
using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation;
using PointWebhooks.Tests.Simulation.Histories;
using PointWebhooks.Tests.Simulation.Scheduling;

namespace PointWebhooks.Tests.Support;

/// <summary>
/// A simulated storage account on a timeline of its own: what lasts hours takes milliseconds, and the same in every run. A test that
/// uses it stays on one thread, and so awaits nothing itself.
/// </summary>
internal sealed class SimulatedAccount
{
    private readonly TableClient table;

    public SimulatedAccount()
    {
        Storage = new SimulatedStorage(new VirtualTime(Timeline, new SimulatedProcess(Timeline, "storage")));
        KnownLedger.Create(Storage);
        table = new TableClient(
            SimulatedStorage.ConnectionString, PointTable.Name, new TableClientOptions { Transport = Storage.Transport() });
    }

    public Timeline Timeline { get; } = new();

    public SimulatedStorage Storage { get; }

    /// <summary>The time by a clock that is right.</summary>
    public DateTimeOffset Now => Timeline.Now;

    /// <summary>The row keys of all index rows.</summary>
    public IReadOnlyList<string> Index =>
        [.. Storage.Tables.Entities(PointTable.Name).Select(row => row.Key.Row).Where(key => EventIndex.IdOf(key) is not null)];

    /// <summary>The row keys that the index should have and does not, or has and should not.</summary>
    public IReadOnlyList<string> IndexFaults => new KnownLedger(Storage).IndexFaults();

    /// <summary>Lets time pass, and happen what is due.</summary>
    public void Advance(TimeSpan time)
    {
        var isOver = false;
        Timeline.After(time, owner: null, () => isOver = true);
        Timeline.RunUntil(() => isOver, Now + time);
    }

    /// <summary>Writes a row past the app, as a hand or another version does.</summary>
    public void Put(TableEntity row) => table.UpsertEntityAsync(row, TableUpdateMode.Replace).GetAwaiter().GetResult();

    /// <summary>Writes many rows of any partitions past the app.</summary>
    public void Put(IEnumerable<TableEntity> rows)
    {
        foreach (var chunk in rows.GroupBy(row => row.PartitionKey).SelectMany(partition => partition.Chunk(100)))
        {
            table.SubmitTransactionAsync(chunk.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)))
                .GetAwaiter().GetResult();
        }
    }

    /// <summary>Writes events that died just now past the app.</summary>
    public void KeepDead(IEnumerable<string> keys, string error, string type = SimulatedApp.Type)
    {
        var at = LedgerWriter.Rounded(Now);
        Keep(keys.Select(key =>
            EventLedger.New(type, key, at, at) with { State = EventState.Dead, FinishedAt = at, LastError = error }));
    }

    /// <summary>Writes events past the app, with their index rows.</summary>
    public void Keep(IEnumerable<LedgerEvent> events) => Put(events.SelectMany(one =>
        EventIndex.RowsOf(one).Prepend(LedgerRows.Whole(one, SimulatedApp.Body(one.IdempotencyKey, one.Type), "test"))));

    /// <summary>Changes a row past the app.</summary>
    public void Edit(RowAddress address, Action<TableEntity> change)
    {
        var row = table.GetEntityAsync<TableEntity>(address.PartitionKey, address.RowKey).GetAwaiter().GetResult().Value;
        change(row);
        Put(row);
    }

    /// <summary>Deletes a row past the app.</summary>
    public void Delete(RowAddress address) =>
        table.DeleteEntityAsync(address.PartitionKey, address.RowKey, ETag.All).GetAwaiter().GetResult();

    /// <summary>Deletes the ledger past the app.</summary>
    /// <param name="time">How long the service refuses it as being deleted.</param>
    public void DeleteLedger(TimeSpan time)
    {
        Storage.Tables.DeletionTime = time;
        table.DeleteAsync().GetAwaiter().GetResult();
    }

    /// <summary>Deletes the index rows of an event past the app.</summary>
    public void DeleteIndex(EventId id)
    {
        foreach (var key in Index.Where(key => EventIndex.IdOf(key) == id))
            Delete(new RowAddress(id.Partition, key));
    }
}
