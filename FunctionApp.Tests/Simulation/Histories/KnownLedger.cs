using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Pausing;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Tables;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>All that the simulation knows of how the app keeps its events.</summary>
internal sealed class KnownLedger(SimulatedStorage storage)
{
    /// <summary>How long a claim lasts unless it is renewed.</summary>
    public static TimeSpan LeaseTime => EventLedger.LeaseTime;

    private IEnumerable<SimulatedEntity> Rows =>
        storage.Tables.Entities(PointTable.Name).Where(row => EventId.Partitions.Contains(row.Key.Partition));

    private IEnumerable<SimulatedEntity> EventRows => Rows.Where(row => EventId.TryParse(row.Key.Row) is not null);

    /// <summary>The events whose content is there.</summary>
    public IReadOnlyList<(EventName Name, EventState State, int Attempts, DateTimeOffset ReceivedAt)> Events =>
    [
        .. Contents.Select(one => (new EventName(one.Type, one.IdempotencyKey), one.State, one.Attempts, one.ReceivedAt)),
    ];

    /// <summary>The events that are still to be processed.</summary>
    public IReadOnlyList<LedgerEvent> OpenEvents => [.. Contents.Where(one => one.IsOpen)];

    private IEnumerable<LedgerEvent> Contents =>
        EventRows.Select(ToEntity).Where(row => !LedgerRows.IsForgotten(row)).Select(Read).OfType<LedgerEvent>();

    /// <summary>Whether nothing is left to be done about any event, nor about a request that waits for the key.</summary>
    public bool IsSettled => !HasQuarantined && !storage.Tables.Entities(PointTable.Name).Any(row =>
        row.Properties.GetValueOrDefault(nameof(LedgerEvent.State))
            is nameof(EventState.Received) or nameof(EventState.Processing) or nameof(EventState.Retrying));

    /// <summary>Whether a request waits for the key.</summary>
    public bool HasQuarantined =>
        storage.Tables.Entities(PointTable.Name).Any(row => row.Key.Row.StartsWith(QuarantineStore.Waiting, StringComparison.Ordinal));

    /// <summary>The bodies of the requests that no key verified.</summary>
    public IEnumerable<byte[]> Unverified =>
        from row in storage.Tables.Entities(PointTable.Name)
        where row.Key.Row.StartsWith(QuarantineStore.Unverified, StringComparison.Ordinal)
        select BodyColumns.Read(ToEntity(row))?.ToArray() ?? [];

    /// <summary>Whether the relay would find something to do.</summary>
    /// <param name="now">The time.</param>
    /// <param name="passedOver">The keys of index rows with which it can do nothing.</param>
    public bool HasWorkForRelay(DateTimeOffset now, IReadOnlySet<string> passedOver) =>
        QueueNames.All.Any(queue => storage.Queues.Messages(queue + QueueNames.PoisonSuffix).Count > 0)
        || storage.Tables.Entities(PointTable.Name).Any(row =>
            row.Key.Row.StartsWith(EventIndex.Prefix(EventIndex.Open), StringComparison.Ordinal)
            && !passedOver.Contains(row.Key.Row)
            && (EventIndex.IsDue(row.Key.Row, now) || EventIndex.WaitsForOf(ToEntity(row)).Any(handler => !IsPaused(handler))));

    private bool IsPaused(string handler) => storage.Tables.Entities(PointTable.Name).Any(row =>
        row.Properties.GetValueOrDefault(nameof(HandlerPause.Handler)) is string paused && paused == handler);

    /// <summary>Creates what the deployment creates.</summary>
    public static void Create(SimulatedStorage storage)
    {
        storage.Tables.Create(PointTable.Name);
        foreach (var queue in QueueNames.All)
        {
            storage.Queues.Create(queue);
            storage.Queues.Create(queue + QueueNames.PoisonSuffix);
        }
    }

    /// <summary>Whether the ledger remembers an event, with its content or, after the retention, without.</summary>
    public bool Remembers(EventName name)
    {
        var row = EventRows.FirstOrDefault(one => one.Key.Row == EventId.Of(name.Type, name.Key).Value);
        return row is not null && (LedgerRows.IsForgotten(ToEntity(row)) || Events.Any(one => one.Name == name));
    }

    /// <summary>Whether a handler has finished an event, as the ledger has it.</summary>
    public bool HasFinished(EventName name, string handler)
    {
        var id = EventId.Of(name.Type, name.Key);
        var row = storage.Tables.Find(PointTable.Name, new EntityKey(id.Partition, id.Value));
        return row is not null && !LedgerRows.IsForgotten(ToEntity(row)) && LedgerRows.ToEvent(ToEntity(row)).Done.Contains(handler);
    }

    /// <summary>The row keys that are in the index and should not be, or should be and are not.</summary>
    public IReadOnlyList<string> IndexFaults()
    {
        var expected = Contents.SelectMany(one => EventIndex.RowsOf(one)).Select(row => row.RowKey).ToHashSet();
        expected.SymmetricExceptWith(Rows.Except(EventRows).Select(row => row.Key.Row));
        return [.. expected];
    }

    /// <summary>Whether a write takes away what is still to be processed.</summary>
    public static bool LosesOpenEvent(SimulatedEntity? before, SimulatedEntity? after) =>
        before is not null
        && EventId.TryParse(before.Key.Row) is not null
        && Read(ToEntity(before)) is { IsOpen: true }
        && (after is null || LedgerRows.IsForgotten(ToEntity(after)));

    /// <summary>The event that a queue message is of.</summary>
    public static EventName EventOf(string messageText)
    {
        var message = EventMessage.Parse(new BinaryData(Convert.FromBase64String(messageText)));
        return new EventName(message.Type, message.IdempotencyKey);
    }

    /// <summary>Has an event processed again, as an operator does.</summary>
    /// <returns>Whether it is.</returns>
    public static async Task<bool> ReplayAsync(SimulatedInstance instance, EventName name, bool includeCompleted)
    {
        var operations = instance.Services.GetRequiredService<EventOperations>();
        var found = await operations.FindAsync(EventId.Of(name.Type, name.Key).Value, withBody: false, CancellationToken.None);
        return (await operations.ReplayAsync(found, new Replay(includeCompleted))).Outcome == ChangeOutcome.Replayed;
    }

    // Null for a row that others have left.
    private static LedgerEvent? Read(TableEntity row)
    {
        try
        {
            return LedgerRows.ToEvent(row);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Erases the content of an event, as an operator does.</summary>
    public static async Task EraseAsync(SimulatedInstance instance, EventName name)
    {
        var operations = instance.Services.GetRequiredService<EventOperations>();
        await operations.EraseAsync(await operations.FindAsync(EventId.Of(name.Type, name.Key).Value, withBody: false, CancellationToken.None));
    }

    private static TableEntity ToEntity(SimulatedEntity row)
    {
        var entity = new TableEntity(row.Key.Partition, row.Key.Row) { ETag = new ETag(row.ETag) };
        foreach (var (name, value) in row.Properties)
            entity[name] = value;
        return entity;
    }
}
