using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>What a hand, another version or a table that was copied leaves behind, in some histories.</summary>
internal sealed class Damage(World world)
{
    private static readonly EventId Foreign = EventId.Of("ProvisioningStarted", "foreign");
    private static readonly EventId Absent = EventId.Of("ProvisioningStarted", "absent");

    private static readonly TimeSpan LongAgo = TimeSpan.FromDays(3);

    private readonly HashSet<string> mayStay = [];
    private readonly TableClient table = new(
        SimulatedStorage.ConnectionString, PointTable.Name, new TableClientOptions { Transport = world.Storage.Transport() });

    /// <summary>The keys of index rows that may stay as they are: the app does not meet them, or must not touch them.</summary>
    public IReadOnlySet<string> MayStay => mayStay;

    /// <summary>Plans it for a time of trouble.</summary>
    public void Over(TimeSpan time)
    {
        Action[] all = world.Plan.IsCalm && world.Plan.LongestSkew == TimeSpan.Zero
            ? [LeaveUnreadable, LeaveIndexOfNothing, LeaveIndexOfAnotherState, DeleteIndex]
            : [LeaveUnreadable, LeaveIndexOfNothing, LeaveIndexOfAnotherState];
        for (var i = 0; i < world.Plan.Damages; i++)
            world.Timeline.After(world.Plan.UpTo(time), owner: null, world.Plan.Pick<Action>(all));
    }

    // Of a version that knows one state more.
    private void LeaveUnreadable()
    {
        Put(Foreign.Value, Foreign, (nameof(LedgerEvent.State), "Parked"), (nameof(LedgerEvent.IdempotencyKey), "foreign"));
        mayStay.Add(OpenKey(Foreign));
        Put(OpenKey(Foreign), Foreign, (nameof(LedgerEvent.ReceivedAt), world.Timeline.Now));
    }

    private void LeaveIndexOfNothing() => Put(OpenKey(Absent), Absent, (nameof(LedgerEvent.ReceivedAt), world.Timeline.Now));

    // The purge comes to it at once, when it says that the event finished long ago; else when the retention has passed.
    private void LeaveIndexOfAnotherState()
    {
        foreach (var one in world.Ledger.OpenEvents)
        {
            var finished = world.Timeline.Now - (world.Plan.Happens(0.5) ? LongAgo : TimeSpan.Zero);
            var key = EventIndex.KeysOf(one with { State = EventState.Completed, FinishedAt = finished })[0];
            mayStay.Add(key);
            Put(key, one.Id, (nameof(LedgerEvent.ReceivedAt), one.ReceivedAt));
        }
    }

    // Where every message arrives, and none seems early to a clock that is behind and is left to the relay: something comes to the event
    // and mends it. To one that waits for a paused handler nothing comes.
    private void DeleteIndex()
    {
        foreach (var one in world.Ledger.OpenEvents.Where(one => one.WaitsFor.IsEmpty && world.Plan.Happens(0.5)))
        {
            world.Note("a hand", $"deletes the index of {one.Type} {one.IdempotencyKey}");
            foreach (var key in EventIndex.KeysOf(one))
                table.DeleteEntityAsync(one.Id.Partition, key).GetAwaiter().GetResult();
        }
    }

    private string OpenKey(EventId id) => $"{EventIndex.Prefix(EventIndex.Open)}{world.Timeline.Now.UtcTicks:D19}|{id}";

    private void Put(string rowKey, EventId id, params IEnumerable<(string Column, object Value)> columns)
    {
        world.Note("a hand", $"leaves {rowKey}");
        var row = new TableEntity(id.Partition, rowKey);
        foreach (var (column, value) in columns)
            row[column] = value;
        table.UpsertEntityAsync(row, TableUpdateMode.Replace).GetAwaiter().GetResult();
    }
}
